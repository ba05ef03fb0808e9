import { z } from 'zod';
import { gateIdSchema, siteIdSchema, wallSchema } from '../../roster/roster-documents.ts';
import { keyIdSchema } from '../envelope/compact-header.ts';

/** enrol: people. operate: doors. maintain: what gates run with. audit: takes events over, and nothing else. */
export const ROLES = ['enrol', 'operate', 'maintain', 'audit'] as const;
export type Role = (typeof ROLES)[number];

const publicCoordinate = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .describe('Public key, base64url');

export const administratorSchema = z.strictObject({
  kid: keyIdSchema,
  x: publicCoordinate,
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
  sealing: z
    .exactOptional(z.strictObject({ kid: keyIdSchema, x: publicCoordinate }))
    .describe('The X25519 key that pictures are sealed for; with the role audit'),
  validUntilMs: z.exactOptional(wallSchema),
});
export const gateKeySchema = z.strictObject({
  gateId: gateIdSchema,
  kid: keyIdSchema,
  x: publicCoordinate,
});

/** Whose signatures count. Signed by the site's root key; a higher epoch replaces a lower one. */
export const trustListSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('trust-list'),
  site: siteIdSchema,
  epoch: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  issuedAtMs: wallSchema,
  administrators: z.array(administratorSchema).max(64),
  gates: z.array(gateKeySchema).max(1_500),
  revoked: z
    .array(keyIdSchema)
    .max(1_000)
    .describe('Keys that count no more, whatever they signed'),
});

export type TrustList = z.infer<typeof trustListSchema>;
export type Administrator = z.infer<typeof administratorSchema>;
export type GateKey = z.infer<typeof gateKeySchema>;
