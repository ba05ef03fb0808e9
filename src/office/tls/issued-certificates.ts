import { X509Certificate } from 'node:crypto';
import { keyIdOf } from '../../messaging/envelope/keys.ts';
import { LineFile } from '../line-file.ts';

/** Which key's owner holds which certificate: what has to be turned away with a key that is revoked. */
export class IssuedCertificates {
  readonly #file: LineFile;

  constructor(path: string) {
    this.#file = new LineFile(path);
  }

  /**
   * From now on the certificate is this key's; before, it may have been that of an older key of the same seat.
   * @param owner  the signing key, or its public half
   * @throws PORTICO_SITE_FILE
   */
  async note(owner: { readonly x: string }, certificate: string): Promise<void> {
    const kid = await keyIdOf('Ed25519', owner.x);
    const { serialNumber } = new X509Certificate(certificate);
    this.#file.append(`${JSON.stringify({ kid, serial: serialNumber })}\n`);
    this.#file.sync();
  }

  /** Serial numbers, in hex, of the certificates that belong to one of the keys. @throws PORTICO_SITE_FILE */
  serialsOf(kids: readonly string[]): readonly string[] {
    const owners = new Map<string, string>();
    for (const line of this.#file.read().split('\n')) {
      const [, kid, serial] = LINE.exec(line) ?? [];
      if (kid !== undefined && serial !== undefined) owners.set(serial, kid);
    }
    return [...owners].filter(([, kid]) => kids.includes(kid)).map(([serial]) => serial);
  }

  /** Idempotent. */
  close(): void {
    this.#file.close();
  }
}

const LINE = /^\{"kid":"([A-Za-z0-9_-]{43})","serial":"([0-9A-F]+)"\}$/;
