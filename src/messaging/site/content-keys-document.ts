import { z } from 'zod';
import { gateIdSchema, siteIdSchema, wallSchema } from '../../roster/roster-documents.ts';
import { contentKeySchema } from '../envelope/keys.ts';

/** The site's content keys for one gate: signed by the root key, sealed for the gate's own key. */
export const contentKeysDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('content-keys'),
  site: siteIdSchema,
  gateId: gateIdSchema,
  epoch: z.number().int().min(1).describe('That of the trust list made with it'),
  issuedAtMs: wallSchema,
  keys: z.array(contentKeySchema).min(1).max(8).describe('The first one seals; all of them open'),
});

export type ContentKeysDocument = z.infer<typeof contentKeysDocumentSchema>;
