import { z } from 'zod';
import { ART_MANNERS } from '../../domain/art.ts';
import {
  gateIdSchema,
  identityIdSchema,
  siteIdSchema,
  wallSchema,
} from '../../roster/roster-documents.ts';
import type { Role } from '../site/trust-list.ts';
import { PHOTO_BYTES_MAX } from '../size-limits.ts';

export const nonceSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/)
  .describe('16 random bytes, base64url');

/** What a gate can be told to do. */
export const orderSchema = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('pulse'),
    durationMs: z
      .exactOptional(z.number().int().min(100).max(30_000))
      .describe("Default: the gate's"),
  }),
  z.strictObject({ name: z.literal('lock-down') }),
  z.strictObject({ name: z.literal('release') }),
  z.strictObject({
    name: z.literal('sync'),
    isFromScratch: z
      .exactOptional(z.boolean())
      .describe('Take every record once more, as after a change of encoder'),
  }),
  z.strictObject({ name: z.literal('reload') }),
  z.strictObject({ name: z.literal('restart') }),
  z.strictObject({
    name: z.literal('models'),
    files: z
      .array(
        z.strictObject({
          path: z
            .string()
            .max(120)
            .regex(/^[a-z0-9]+(?:[-+][a-z0-9]+)*\/(?:manifest|calibration|weights)\.json$/),
          text: z.string().min(2).max(131_072),
        }),
      )
      .min(1)
      .max(16)
      .describe(
        'Manifests and their like, which replace those in force; an event tells whether they proved themselves',
      ),
  }),
  z.strictObject({
    name: z.literal('art'),
    isOn: z.exactOptional(z.boolean()),
    manner: z.exactOptional(z.enum(ART_MANNERS)),
    style: z.exactOptional(z.string().min(1).max(120)).describe('By its title, or "every"'),
    intervalS: z
      .exactOptional(z.number().int().min(10).max(86_400))
      .describe('How long one style, or one picture of the gallery, stays'),
  }),
  z.strictObject({
    name: z.literal('capture-enrolment'),
    identityId: identityIdSchema,
    timeoutMs: z.number().int().min(1_000).max(120_000),
  }),
  z.strictObject({
    name: z.literal('encode-photo'),
    identityId: identityIdSchema,
    photo: z
      .string()
      .max(Math.ceil((PHOTO_BYTES_MAX * 4) / 3))
      .regex(/^[A-Za-z0-9_-]+$/)
      .describe('JPEG or PNG, base64url'),
  }),
]);
export type Order = Readonly<z.infer<typeof orderSchema>>;
export type OrderName = Order['name'];

/** Which role may give which order. */
export const ROLE_FOR_ORDER = {
  pulse: 'operate',
  'lock-down': 'operate',
  release: 'operate',
  sync: 'operate',
  reload: 'operate',
  restart: 'operate',
  models: 'maintain',
  art: 'operate',
  'capture-enrolment': 'enrol',
  'encode-photo': 'enrol',
} as const satisfies Record<OrderName, Role>;

/** A command may wait for its gate no longer than this. */
export const COMMAND_LIFE_MAX_MS = 300_000;

export const commandDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('command'),
  site: siteIdSchema,
  gateId: gateIdSchema,
  nonce: nonceSchema,
  issuedAtMs: wallSchema.describe('Strictly rises with every command of one key'),
  expiresAtMs: wallSchema.describe(`At most ${COMMAND_LIFE_MAX_MS} ms after issuedAtMs`),
  order: orderSchema,
});
export type CommandDocument = Readonly<z.infer<typeof commandDocumentSchema>>;

const sampleSchema = z.strictObject({
  modelId: z.string().min(1).max(128),
  embedding: z.string().max(11_000).describe('As in a roster record'),
});

export const commandResultSchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('done'),
    samples: z
      .exactOptional(z.array(sampleSchema).max(16))
      .describe('Of capture-enrolment and encode-photo: what was encoded, not yet enrolled'),
  }),
  z.strictObject({
    outcome: z.literal('refused'),
    reason: z.string().regex(/^[a-z0-9-]{1,60}$/),
    text: z.string().max(500).describe('For the administrator: what is wrong and what to do'),
  }),
]);
export type CommandResult = Readonly<z.infer<typeof commandResultSchema>>;

export const answerDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('answer'),
  site: siteIdSchema,
  gateId: gateIdSchema,
  nonce: nonceSchema.describe('Of the command'),
  atMs: wallSchema,
  result: commandResultSchema,
});
export type AnswerDocument = Readonly<z.infer<typeof answerDocumentSchema>>;
