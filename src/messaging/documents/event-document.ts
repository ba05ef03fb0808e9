import { z } from 'zod';
import { gateIdSchema, siteIdSchema, wallSchema } from '../../roster/roster-documents.ts';

const hash = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .describe('SHA-256, base64url');
const eventNumber = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const streamIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/)
  .describe("Names one gate's numbering; a gate with a new store begins another");

/** One event of a gate. */
export const eventDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('event'),
  site: siteIdSchema,
  gateId: gateIdSchema,
  streamId: streamIdSchema,
  number: eventNumber.min(1).describe('1, 2, 3 ... without gaps'),
  record: z
    .string()
    .min(2)
    .max(8_192)
    .describe('JSON text of {number, atMs, event}, exactly as it was hashed'),
  previousHash: hash.describe('Of the event before; 32 zero bytes before the first'),
  hash: hash.describe('Of the 32 bytes of previousHash followed by record in UTF-8'),
});
export type EventDocument = Readonly<z.infer<typeof eventDocumentSchema>>;

/** An auditor has events in safe keeping; the gate may forget them. */
export const receiptDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('receipt'),
  site: siteIdSchema,
  gateId: gateIdSchema,
  streamId: z.exactOptional(streamIdSchema).describe('Absent: nothing of this gate is known yet'),
  upTo: eventNumber.describe('Number of the last event kept without a gap'),
  resend: z.boolean().describe('Send everything after upTo once more'),
  issuedAtMs: wallSchema,
});
export type ReceiptDocument = Readonly<z.infer<typeof receiptDocumentSchema>>;
