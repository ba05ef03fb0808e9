import { z } from 'zod';
import { gateIdSchema, siteIdSchema, wallSchema } from '../../roster/roster-documents.ts';
import { parseJson } from '../envelope/compact-header.ts';
import type { EventDocument } from './event-document.ts';

const compactJwe = z.string().regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){4}$/);
const digestSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .describe("SHA-256 of a picture's payload, base64url");

/** Longer than this no picture is kept by anybody, whatever its gate says: 30 days, and one for clocks that differ. */
export const PICTURE_LASTS_MAX_MS = 31 * 86_400_000;

/** A sealed picture. It is not signed: the event that announced it vouches for its digest. */
export const pictureDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('picture'),
  site: siteIdSchema,
  gateId: gateIdSchema,
  sealed: compactJwe.max(64 * 1024).describe('The JPEG, sealed under a key made for it alone'),
  keys: z.array(compactJwe.max(1_024)).min(1).max(64).describe('That key, sealed for each auditor'),
});
export type PictureDocument = Readonly<z.infer<typeof pictureDocumentSchema>>;

/** An auditor has pictures in safe keeping; the gate may forget them. */
export const pictureReceiptSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('picture-receipt'),
  site: siteIdSchema,
  gateId: gateIdSchema,
  digests: z.array(digestSchema).min(1).max(64),
  issuedAtMs: wallSchema,
});
export type PictureReceipt = Readonly<z.infer<typeof pictureReceiptSchema>>;

/** What a gate has said of a picture in an event. */
export interface AnnouncedPicture {
  readonly gateId: string;
  readonly streamId: string;
  /** Of the event that announced it. */
  readonly number: number;
  /** Of the event whose subject it shows. */
  readonly of: number;
  readonly digest: string;
  /** By the gate's clock. */
  readonly expiresAtMs: number;
}

const announcementSchema = z.object({
  event: z.strictObject({
    type: z.literal('picture.taken'),
    of: z.number().int().min(1),
    digest: digestSchema,
    expiresAtMs: wallSchema,
  }),
});

/** @returns undefined for every other event */
export function readAnnouncement({
  gateId,
  streamId,
  number,
  record,
}: Pick<EventDocument, 'gateId' | 'streamId' | 'number' | 'record'>): AnnouncedPicture | undefined {
  const parsed = announcementSchema.safeParse(parseJson(record));
  if (!parsed.success) return undefined;
  const { of, digest, expiresAtMs } = parsed.data.event;
  return { gateId, streamId, number, of, digest, expiresAtMs };
}
