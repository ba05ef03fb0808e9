import { createHash } from 'node:crypto';
import type { WallMs } from '../../domain/units.ts';
import type { RosterMessage } from '../../roster/apply-roster.ts';
import { headDocumentSchema, rosterRecordSchema } from '../../roster/roster-documents.ts';
import type { ContentKey } from '../envelope/keys.ts';
import { openForSite } from '../envelope/sealing.ts';
import { verifyDocument } from '../envelope/signing.ts';
import { type Refused, refusedFor } from '../refusal.ts';
import type { TrustRing } from '../site/trust-ring.ts';
import { SIZE_LIMITS } from '../size-limits.ts';

export interface ReaderKeys {
  readonly trust: TrustRing;
  readonly contentKeys: readonly ContentKey[];
}

export type RosterPayload =
  | { readonly noun: 'roster'; readonly identityId: string; readonly payload: Uint8Array }
  | { readonly noun: 'roster-head'; readonly payload: Uint8Array };

export type ReadRoster = { readonly outcome: 'read'; readonly message: RosterMessage } | Refused;

/** From bytes of a roster topic to a document whose signature was found good. Never throws. */
export async function readRosterPayload(
  payload: RosterPayload,
  keys: ReaderKeys,
  now: WallMs,
): Promise<ReadRoster> {
  return payload.noun === 'roster' ? readRecord(payload, keys, now) : readHead(payload, keys, now);
}

async function readRecord(
  { payload, identityId }: Extract<RosterPayload, { noun: 'roster' }>,
  keys: ReaderKeys,
  now: WallMs,
): Promise<ReadRoster> {
  if (payload.length > SIZE_LIMITS.record) return refusedFor('oversize');
  const opened = await openForSite('record', textOf(payload), keys.contentKeys);
  if (opened.outcome === 'refused') return opened;
  const verified = await verifyDocument(opened.text, {
    kind: 'record',
    schema: rosterRecordSchema,
    keyOf: keys.trust.administratorLookup(now),
  });
  if (verified.outcome === 'refused') return verified;
  const { document, signer } = verified;
  if (document.identityId !== identityId) return refusedFor('topic-mismatch');
  const isSignerEntitled = signer.roles.includes('enrol');
  const digest = digestOf(opened.text);
  return { outcome: 'read', message: { document, digest, isSignerEntitled } };
}

async function readHead(
  { payload }: Extract<RosterPayload, { noun: 'roster-head' }>,
  keys: ReaderKeys,
  now: WallMs,
): Promise<ReadRoster> {
  if (payload.length > SIZE_LIMITS.head) return refusedFor('oversize');
  const text = textOf(payload);
  const verified = await verifyDocument(text, {
    kind: 'head',
    schema: headDocumentSchema,
    keyOf: keys.trust.administratorLookup(now),
  });
  if (verified.outcome === 'refused') return verified;
  const { document, signer } = verified;
  const isSignerEntitled = signer.roles.includes('enrol');
  return { outcome: 'read', message: { document, digest: digestOf(text), isSignerEntitled } };
}

/** SHA-256 of a signed text, base64url: what a mark remembers of it. */
export const digestOf = (signed: string): string =>
  createHash('sha256').update(signed).digest('base64url');

export const textOf = (payload: Uint8Array): string => Buffer.from(payload).toString('latin1');
