import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { ProtocolError } from '../../domain/errors.ts';
import { keyIdOf } from '../envelope/keys.ts';
import { type GatePassport, gatePassportSchema } from './site-files.ts';
import { TrustRing } from './trust-ring.ts';

/**
 * What of a passport fits into a picture: the gate's keys, its way to the broker and whom to believe. Trust list and
 * content keys grow with the site, and the broker keeps them: the gate fetches them there, and takes none
 * that is not signed by this root, or older than this card.
 */
const passportCardSchema = gatePassportSchema.omit({ trustList: true, contentKeys: true }).extend({
  trustEpoch: z.number().int().min(1).describe('Of the trust list when the card was made'),
});

export type PassportCard = Readonly<z.infer<typeof passportCardSchema>>;

const KEY_BYTES = 32;
const UNPACKED_BYTES_MAX = 64 * 1024;
/** PKCS #8 of an Edwards or Montgomery key, up to its 32 bytes (RFC 8410). */
const PKCS8_HEAD = {
  Ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
  X25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
} as const;

/** @throws PORTICO_SITE_FILE when the passport's trust list is not its root's */
export async function cardOf(passport: GatePassport): Promise<PassportCard> {
  const { trustList, contentKeys: _, ...rest } = passport;
  const ring = await TrustRing.create(passport.site, passport.root);
  const { outcome } = await ring.accept(trustList);
  if (outcome === 'refused') throw noCard('its trust list is not signed by its root');
  return { ...rest, trustEpoch: ring.epoch };
}

/** Some 750 bytes with the certificates that the office issues. */
export function packCard(card: PassportCard): Uint8Array {
  const { site, gateId, broker, root, signingKey, sealingKey, trustEpoch, minimumHeadEpoch } = card;
  const { url, tls } = broker;
  const packed = packFields([
    text(site),
    text(gateId),
    text(url),
    text(`${trustEpoch} ${minimumHeadEpoch}`),
    key(root.x),
    key(signingKey.d),
    key(sealingKey.d),
    ...(tls === undefined
      ? []
      : [
          packFields(certificatesIn(tls.authority)),
          packFields(certificatesIn(tls.certificate)),
          shortKey(tls.privateKey),
        ]),
  ]);
  return deflateRawSync(packed, { level: 9 });
}

/** @throws PORTICO_SITE_FILE when the bytes are no card */
export async function unpackCard(bytes: Uint8Array): Promise<PassportCard> {
  try {
    const [site, gateId, url, epochs, root, signing, sealing, authority, certificate, privateKey] =
      unpackFields(inflateRawSync(bytes, { maxOutputLength: UNPACKED_BYTES_MAX }));
    const [trustEpoch, minimumHeadEpoch] = textOf(epochs).split(' ').map(Number);
    const rootX = coordinateOf(root);
    const own = certificate === undefined ? [] : unpackFields(certificate);
    const tls =
      authority === undefined || own[0] === undefined || privateKey === undefined
        ? undefined
        : {
            authority: unpackFields(authority).map(pemOf).join(''),
            certificate: own.map(pemOf).join(''),
            privateKey: longKey(privateKey, own[0]),
          };
    return passportCardSchema.parse({
      schemaVersion: 1,
      kind: 'portico-gate',
      site: textOf(site),
      gateId: textOf(gateId),
      broker: { url: textOf(url), ...(tls === undefined ? {} : { tls }) },
      root: { kid: await keyIdOf('Ed25519', rootX), x: rootX },
      signingKey: pairOf('Ed25519', signing),
      sealingKey: pairOf('X25519', sealing),
      trustEpoch,
      minimumHeadEpoch,
    });
  } catch (cause) {
    throw noCard('its content is damaged', cause);
  }
}

/** Each field with its length in two bytes before it. */
const packFields = (fields: readonly Uint8Array[]): Buffer =>
  Buffer.concat(fields.flatMap((field) => [lengthOf(field), field]));

function lengthOf({ length }: Uint8Array): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(length);
  return bytes;
}

/** @throws RangeError for a length that points beyond the end */
function unpackFields(packed: Buffer): readonly Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at < packed.length; ) {
    const begin = at + 2;
    at = begin + packed.readUInt16BE(at);
    if (at > packed.length) throw new RangeError('a field ends beyond the card');
    fields.push(packed.subarray(begin, at));
  }
  return fields;
}

const text = (value: string): Buffer => Buffer.from(value, 'utf8');
const key = (coordinate: string): Buffer => Buffer.from(coordinate, 'base64url');
const textOf = (field: Buffer | undefined): string => field?.toString('utf8') ?? '';
const coordinateOf = (field: Buffer | undefined): string => field?.toString('base64url') ?? '';

function pairOf(crv: keyof typeof PKCS8_HEAD, secret: Buffer | undefined): object {
  const der = Buffer.concat([PKCS8_HEAD[crv], secret ?? Buffer.alloc(0)]);
  const { x } = createPublicKey(
    createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
  ).export({ format: 'jwk' });
  return { kty: 'OKP', crv, x, d: coordinateOf(secret) };
}

/** The certificates of a PEM bundle, as DER. */
const certificatesIn = (bundle: string): readonly Uint8Array[] =>
  (bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (one) => new X509Certificate(one).raw,
  );

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** A P-256 key without what its certificate says already; any other as PKCS #8. */
function shortKey(pem: string): Uint8Array {
  const whole = createPrivateKey(pem);
  const { crv, d } = whole.export({ format: 'jwk' });
  if (crv === 'P-256' && d !== undefined) return key(d);
  return whole.export({ type: 'pkcs8', format: 'der' });
}

function longKey(short: Buffer, certificate: Buffer): string {
  const whole: KeyObject =
    short.length === KEY_BYTES
      ? createPrivateKey({
          key: {
            ...new X509Certificate(certificate).publicKey.export({ format: 'jwk' }),
            d: coordinateOf(short),
          },
          format: 'jwk',
        })
      : createPrivateKey({ key: short, format: 'der', type: 'pkcs8' });
  return whole.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const noCard = (detail: string, cause?: unknown): ProtocolError =>
  new ProtocolError('PORTICO_SITE_FILE', {
    message: `this is not the code of a gate: ${detail}`,
    remedy: 'Have the administrator make it anew: portico gate provision <id> --qr.',
    cause,
  });
