import { inspect } from 'node:util';

/** User and password of a stream. Printing, logging or serialising it shows nothing. */
export class StreamCredentials {
  readonly #user: string;
  readonly #password: string;

  constructor(user: string, password: string) {
    this.#user = user;
    this.#password = password;
  }

  reveal(): { readonly user: string; readonly password: string } {
    return { user: this.#user, password: this.#password };
  }

  /** Removes the credentials, as written and percent-encoded, from text of another program. */
  redact(text: string): string {
    const secrets = [this.#password, encodeURIComponent(this.#password)].filter(
      (secret) => secret !== '',
    );
    const withoutUserInfo = text.replace(/\/\/[^\s/@]*@/g, '//***@');
    return secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), withoutUserInfo);
  }

  toJSON(): string {
    return '***';
  }

  toString(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}
