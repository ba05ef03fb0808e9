import { readFileSync } from 'node:fs';
import { PorticoError } from '../domain/errors.ts';
import type { Credential } from '../office/tls/certificates.ts';

/** Options of commands that let somebody in: a certificate of the operator's own authority. */
export interface OwnCertificate {
  readonly certificate?: string;
  readonly key?: string;
}

/** @returns undefined: issue one. @throws PORTICO_USAGE */
export function ownCertificateOf({ certificate, key }: OwnCertificate): Credential | undefined {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined) {
    throw misuse('--certificate and --key go together');
  }
  return { certificate: readPem(certificate), privateKey: readPem(key) };
}

/** @throws PORTICO_USAGE when it cannot be read or is not PEM */
export function readPem(path: string): string {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw misuse(`${path} cannot be read`);
  }
  if (text.startsWith('-----BEGIN ')) return text;
  throw misuse(`${path} does not begin as PEM does`);
}

const misuse = (message: string): PorticoError =>
  new PorticoError('PORTICO_USAGE', {
    message,
    remedy: 'Give the certificate and its key as PEM files, made by your authority.',
  });
