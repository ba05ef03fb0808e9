import { z } from 'zod';
import { StoreError } from '../domain/errors.ts';
import type { Identity } from '../domain/identity.ts';
import type { Embedding } from '../domain/probe.ts';
import { type WallMs, wallMs } from '../domain/units.ts';
import { dot } from '../numeric/linear-algebra.ts';

const NAME_MAX = 200;
/** Rounding of a float32 unit vector stays far below; a vector that nobody normalised does not. */
const UNIT_NORM_TOLERANCE = 1e-3;
const MAX_DIMENSION = 8192;

const opaqueId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/);
const wall = z
  .number()
  .int()
  .min(0)
  .max(8.64e15)
  .transform((value): WallMs => wallMs(value));

/** What is sealed of an identity; its id stands beside it in the clear. */
const details = z.strictObject({
  name: z.string().min(1).max(NAME_MAX),
  validFromMs: z.exactOptional(wall),
  validUntilMs: z.exactOptional(wall),
  scheduleId: z.exactOptional(opaqueId),
});
const identity = details.extend({ identityId: opaqueId });

/** A template that is to be stored; the store gives it its id and date. */
export interface NewTemplate {
  /** Encoder that made it. */
  readonly modelId: string;
  /** (D) float32, unit norm. */
  readonly embedding: Embedding;
}

/**
 * The identity, checked field by field.
 * @throws PORTICO_ENROL_REFUSED naming each field that is wrong
 */
export function checkedIdentity(candidate: Identity): Identity {
  const parsed = identity.safeParse(candidate);
  if (!parsed.success) throw refusal(z.prettifyError(parsed.error));
  const { validFromMs, validUntilMs } = parsed.data;
  if (validFromMs !== undefined && validUntilMs !== undefined && validUntilMs <= validFromMs) {
    throw refusal('validUntilMs is not after validFromMs');
  }
  return parsed.data;
}

/** @throws PORTICO_ENROL_REFUSED when the embedding is not a unit vector or the encoder has no proper id */
export function checkTemplate({ modelId, embedding }: NewTemplate): void {
  if (!opaqueId.safeParse(modelId).success) throw refusal('the id of the encoder is malformed');
  if (embedding.length === 0 || embedding.length > MAX_DIMENSION) {
    throw refusal(`an embedding of ${embedding.length} numbers`);
  }
  // Written so that NaN fails.
  if (!(Math.abs(Math.sqrt(dot(embedding, embedding)) - 1) <= UNIT_NORM_TOLERANCE)) {
    throw refusal('the embedding is not a unit vector');
  }
}

/** Serialised details, padded so that their length says little of the name's. */
export function encodeDetails({ identityId: _, ...rest }: Identity): Buffer {
  return padded(JSON.stringify(rest));
}

/** @returns undefined when the bytes are not details */
export function decodeDetails(identityId: string, bytes: Buffer): Identity | undefined {
  const parsed = details.safeParse(parseJson(bytes.toString('utf8')));
  return parsed.success ? { identityId, ...parsed.data } : undefined;
}

/** UTF-8 with trailing spaces up to a multiple of 128 bytes: few sizes, so slots can be reused. */
export function padded(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([bytes, Buffer.alloc((128 - (bytes.length % 128)) % 128, ' ')]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no schema accepts it, so the caller reports damage
  }
}

const refusal = (detail: string): StoreError =>
  new StoreError('PORTICO_ENROL_REFUSED', {
    message: `this cannot be enrolled: ${detail}`,
    remedy: 'Correct the field and try again; nothing was changed.',
  });
