import { createHash } from 'node:crypto';
import { type PictureDocument, pictureDocumentSchema } from '../documents/picture-document.ts';
import { type Refused, refusedFor } from '../refusal.ts';
import { parseJson } from './compact-header.ts';
import { contentKeySchema, createContentKey, type Recipient } from './keys.ts';
import { openBytes, openFor, sealBytes, sealFor } from './sealing.ts';

/** A JPEG of this size fits into a picture's payload whoever it is sealed for. */
export const PICTURE_BYTES_MAX = 30_000;

export interface PictureOrigin {
  readonly site: string;
  readonly gateId: string;
}

/**
 * A payload that these recipients can open and nobody else, its maker included: the picture is sealed under a
 * key made for it alone, and that key for each of them.
 * @param recipients  at least one, at most 64
 */
export async function sealPicture(
  jpeg: Uint8Array,
  { site, gateId }: PictureOrigin,
  recipients: readonly Recipient[],
): Promise<string> {
  const key = createContentKey();
  const inside = JSON.stringify(key);
  const document: PictureDocument = {
    schemaVersion: 1,
    kind: 'picture',
    site,
    gateId,
    sealed: await sealBytes('picture', jpeg, key),
    keys: await Promise.all(recipients.map((auditor) => sealFor('picture', inside, auditor))),
  };
  return JSON.stringify(document);
}

/** What the event of a picture says of it. */
export const pictureDigest = (payload: string | Uint8Array): string =>
  createHash('sha256').update(payload).digest('base64url');

export type OpenedPicture = { readonly outcome: 'opened'; readonly jpeg: Uint8Array } | Refused;

/**
 * The JPEG inside, if it was sealed for this recipient and is what the event says.
 * @param announced  what its event says of it
 */
export async function openPicture(
  payload: string,
  announced: PictureOrigin & { readonly digest: string },
  recipient: Recipient,
): Promise<OpenedPicture> {
  if (pictureDigest(payload) !== announced.digest) return refusedFor('not-authentic');
  const parsed = pictureDocumentSchema.safeParse(parseJson(payload));
  if (!parsed.success) return refusedFor('wrong-schema');
  const { site, gateId, sealed, keys } = parsed.data;
  if (site !== announced.site) return refusedFor('foreign-site');
  if (gateId !== announced.gateId) return refusedFor('wrong-gate');
  for (const text of keys) {
    const opened = await openFor('picture', text, recipient);
    if (opened.outcome === 'refused') continue;
    const key = contentKeySchema.safeParse(parseJson(opened.text));
    if (!key.success) return refusedFor('wrong-schema');
    return jpegOf(await openBytes('picture', sealed, [key.data]));
  }
  return refusedFor('unknown-content-key');
}

const JPEG_BEGINS = Buffer.from([0xff, 0xd8, 0xff]);

/** A gate that lies can send its auditor a file; of no other kind than the one expected. */
function jpegOf(opened: Awaited<ReturnType<typeof openBytes>>): OpenedPicture {
  if (opened.outcome === 'refused') return opened;
  const { bytes } = opened;
  const isJpeg = Buffer.from(bytes.subarray(0, JPEG_BEGINS.length)).equals(JPEG_BEGINS);
  return isJpeg ? { outcome: 'opened', jpeg: bytes } : refusedFor('wrong-schema');
}
