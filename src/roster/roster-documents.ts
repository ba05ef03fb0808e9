import { z } from 'zod';
import type { Identity, Template } from '../domain/identity.ts';
import { type WallMs, wallMs } from '../domain/units.ts';

/*
 * What an administrator signs about people. The schemas are strict: an unknown field, a number out
 * of range or a vector that is not a unit vector makes the whole document malformed.
 */

export const ROSTER_SCHEMA_VERSION = 1;
const TEMPLATES_MAX = 16;
const DIMENSION_MAX = 2048;
const BYTES_PER_NUMBER = 4;
/** Rounding of a float32 unit vector stays far below; a vector that nobody normalised does not. */
const UNIT_NORM_TOLERANCE = 1e-3;
/** Base64url without padding of the largest vector. */
const VECTOR_CHARACTERS_MAX = Math.ceil((DIMENSION_MAX * BYTES_PER_NUMBER * 4) / 3);

export const siteIdSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/)
  .describe('Opaque id of the site, part of every topic');
export const gateIdSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/)
  .describe('Opaque id of the gate, part of its topics');
export const identityIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/)
  .describe('Opaque id of the person; never a name');
const opaqueId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/);
export const wallSchema = z
  .number()
  .int()
  .min(0)
  .max(8.64e15)
  .describe('Milliseconds since the Unix epoch');
const version = z
  .number()
  .int()
  .min(1)
  .max(Number.MAX_SAFE_INTEGER)
  .describe('Of this person; each change is one more');

const header = {
  schemaVersion: z.literal(ROSTER_SCHEMA_VERSION),
  site: siteIdSchema,
  issuedAtMs: wallSchema,
};

const templateSchema = z.strictObject({
  templateId: opaqueId.describe('Names one vector for ever'),
  modelId: opaqueId.describe('Encoder that made it'),
  enrolledAtMs: wallSchema,
  embedding: z
    .string()
    .max(VECTOR_CHARACTERS_MAX)
    .regex(/^[A-Za-z0-9_-]+$/)
    .describe('Unit vector, float32 little-endian, base64url without padding'),
});

export const personDocumentSchema = z.strictObject({
  ...header,
  kind: z.literal('person'),
  version,
  identityId: identityIdSchema,
  name: z.string().min(1).max(200),
  validFromMs: z.exactOptional(wallSchema),
  validUntilMs: z.exactOptional(wallSchema),
  scheduleId: z.exactOptional(opaqueId),
  templates: z.array(templateSchema).max(TEMPLATES_MAX),
});

export const tombstoneDocumentSchema = z.strictObject({
  ...header,
  kind: z.literal('tombstone'),
  version,
  identityId: identityIdSchema,
});

export const rosterRecordSchema = z.discriminatedUnion('kind', [
  personDocumentSchema,
  tombstoneDocumentSchema,
]);

export const headDocumentSchema = z.strictObject({
  ...header,
  kind: z.literal('head'),
  epoch: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).describe('Each head is one more'),
  count: z.number().int().min(0).max(1_000_000).describe('People, deleted ones not counted'),
  setHash: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .describe('SHA-256 over "<id> <version>\\n" of each person, sorted by id, base64url'),
  validUntilMs: wallSchema.describe('After this time gates narrow what they do'),
});

export type PersonDocument = z.infer<typeof personDocumentSchema>;
export type TombstoneDocument = z.infer<typeof tombstoneDocumentSchema>;
export type RosterRecord = PersonDocument | TombstoneDocument;
export type RosterHead = Readonly<z.infer<typeof headDocumentSchema>>;

/** The identity that a document describes. */
export function identityOf(document: PersonDocument): Identity {
  const { identityId, name, validFromMs, validUntilMs, scheduleId } = document;
  return {
    identityId,
    name,
    ...(validFromMs === undefined ? {} : { validFromMs: wallMs(validFromMs) }),
    ...(validUntilMs === undefined ? {} : { validUntilMs: wallMs(validUntilMs) }),
    ...(scheduleId === undefined ? {} : { scheduleId }),
  };
}

/**
 * The templates that a document carries.
 * @returns undefined when one of them is not a unit vector of whole float32 numbers, or an id comes twice
 */
export function templatesOf(document: PersonDocument): readonly Template[] | undefined {
  const templates: Template[] = [];
  const ids = new Set<string>();
  for (const { templateId, modelId, enrolledAtMs, embedding } of document.templates) {
    const vector = decodeVector(embedding);
    if (vector === undefined || ids.has(templateId)) return undefined;
    ids.add(templateId);
    const { identityId } = document;
    const enrolled: WallMs = wallMs(enrolledAtMs);
    templates.push({ templateId, identityId, modelId, embedding: vector, enrolledAtMs: enrolled });
  }
  return templates;
}

/** A unit vector as it stands in a document: float32 little-endian, base64url. */
export function encodeVector(embedding: Float32Array): string {
  const bytes = Buffer.alloc(embedding.length * BYTES_PER_NUMBER);
  for (const [index, value] of embedding.entries()) {
    bytes.writeFloatLE(value, index * BYTES_PER_NUMBER);
  }
  return bytes.toString('base64url');
}

/** @returns undefined for anything but a unit vector */
export function decodeVector(text: string): Float32Array | undefined {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length === 0 || bytes.length % BYTES_PER_NUMBER !== 0) return undefined;
  if (bytes.length > DIMENSION_MAX * BYTES_PER_NUMBER) return undefined;
  const vector = new Float32Array(bytes.length / BYTES_PER_NUMBER);
  let squares = 0;
  for (let index = 0; index < vector.length; index += 1) {
    const value = bytes.readFloatLE(index * BYTES_PER_NUMBER);
    vector[index] = value;
    squares += value * value;
  }
  // Written so that NaN fails.
  return Math.abs(Math.sqrt(squares) - 1) <= UNIT_NORM_TOLERANCE ? vector : undefined;
}
