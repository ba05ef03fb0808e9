import { z } from 'zod';
import { ProtocolError } from '../../domain/errors.ts';
import { gateIdSchema, siteIdSchema } from '../../roster/roster-documents.ts';
import { keyIdSchema, parseJson } from '../envelope/compact-header.ts';
import {
  contentKeySchema,
  privateSealingKeySchema,
  privateSigningKeySchema,
} from '../envelope/keys.ts';
import { administratorSchema, gateKeySchema } from './trust-list.ts';

const pem = z
  .string()
  .max(20_000)
  .regex(/^-----BEGIN [A-Z ]+-----/)
  .describe('PEM');

const brokerUrl = z
  .string()
  .max(300)
  .regex(/^mqtts?:\/\/[^/?#@\s]+$/)
  .describe('mqtts://host:port; mqtt:// only on this machine');
const isPrivate = (url: string): boolean =>
  url.startsWith('mqtts:') || /^mqtt:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:|$)/.test(url);

/** Whether a broker at this address can be spoken to: over TLS, or on this machine. */
export const isBrokerUrl = (url: string): boolean =>
  brokerUrl.safeParse(url).success && isPrivate(url);

const brokerSchema = z
  .strictObject({
    url: brokerUrl,
    tls: z
      .exactOptional(
        z.strictObject({
          authority: pem.describe('Certificates that may vouch for the broker'),
          certificate: pem.describe("This client's certificate; its name is what the ACL knows"),
          privateKey: pem.describe('Secret'),
        }),
      )
      .describe('Absent only with mqtt://'),
  })
  .refine(({ url, tls }) => url.startsWith('mqtts:') === (tls !== undefined), {
    message: 'mqtts:// needs tls, mqtt:// has none',
  })
  .refine(({ url }) => isPrivate(url), {
    message: 'without TLS only a broker on this machine is spoken to',
  });

const rootSchema = z.strictObject({ kid: keyIdSchema, x: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
const signedText = z.string().max(256 * 1024);

/** Everything about a site, its root key included: keep it off-line and backed up. */
export const siteFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('portico-site'),
  site: siteIdSchema,
  root: privateSigningKeySchema.describe('Signs the trust list; losing it means a new site'),
  trustEpoch: z.number().int().min(1),
  administrators: z.array(administratorSchema).max(64),
  gates: z.array(
    z.strictObject({ ...gateKeySchema.shape, sealing: rootSchema.describe('Its X25519 key') }),
  ),
  revoked: z.array(keyIdSchema),
  contentKeys: z.array(contentKeySchema).min(1).max(8).describe('The first one seals'),
});

/** What one administrator's computer needs. Secret. */
export const seatFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('portico-seat'),
  site: siteIdSchema,
  broker: brokerSchema,
  root: rootSchema,
  signingKey: privateSigningKeySchema,
  sealingKey: z
    .exactOptional(privateSealingKeySchema)
    .describe('Opens pictures; with the role audit'),
  contentKeys: z
    .array(contentKeySchema)
    .max(8)
    .describe('Empty for an auditor, who can then read no template'),
  trustList: signedText,
});

/** What one gate needs to join the site. Secret. */
export const gatePassportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('portico-gate'),
  site: siteIdSchema,
  gateId: gateIdSchema,
  broker: brokerSchema,
  root: rootSchema,
  signingKey: privateSigningKeySchema,
  sealingKey: privateSealingKeySchema,
  trustList: signedText,
  contentKeys: signedText.describe('Sealed for this gate'),
  minimumHeadEpoch: z.number().int().min(0).describe('The head in force when this was written'),
});

/** New content keys for the seat of another administrator. Secret. */
export const keysFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('portico-keys'),
  site: siteIdSchema,
  trustList: signedText.describe('Signed by the root: says whose keys these are'),
  contentKeys: z.array(contentKeySchema).min(1).max(8),
});

export type SiteFile = Readonly<z.infer<typeof siteFileSchema>>;
export type SeatFile = Readonly<z.infer<typeof seatFileSchema>>;
export type KeysFile = Readonly<z.infer<typeof keysFileSchema>>;
export type GatePassport = Readonly<z.infer<typeof gatePassportSchema>>;
export type BrokerAddress = GatePassport['broker'];

const SCHEMAS = {
  'portico-site': siteFileSchema,
  'portico-seat': seatFileSchema,
  'portico-gate': gatePassportSchema,
  'portico-keys': keysFileSchema,
} as const;

/** @throws PORTICO_SITE_FILE naming the fields that are wrong; never their values */
export const parseSiteFile = (text: string): SiteFile => parse('portico-site', text);
/** @throws PORTICO_SITE_FILE */
export const parseSeatFile = (text: string): SeatFile => parse('portico-seat', text);
/** @throws PORTICO_SITE_FILE */
export const parseGatePassport = (text: string): GatePassport => parse('portico-gate', text);
/** @throws PORTICO_SITE_FILE */
export const parseKeysFile = (text: string): KeysFile => parse('portico-keys', text);

function parse<Kind extends keyof typeof SCHEMAS>(
  kind: Kind,
  text: string,
): z.infer<(typeof SCHEMAS)[Kind]>;
function parse(kind: keyof typeof SCHEMAS, text: string): unknown {
  const parsed = SCHEMAS[kind].safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(
    ({ path, code }) => `${['file', ...path].join('.')}: ${code}`,
  );
  throw new ProtocolError('PORTICO_SITE_FILE', {
    message: `this is not a ${kind} file: ${fields.slice(0, 5).join(', ')}`,
    remedy: 'Take the file from its backup, or have the administrator make it anew.',
    context: { kind },
  });
}
