import { DeviceError } from '../../src/domain/errors.ts';

/** How one option is read: what is allowed, in words, and the value or nothing. */
export interface OptionReader<Value> {
  readonly allowed: string;
  read(text: string): Value | undefined;
}

export const integerOption = (min: number, max: number): OptionReader<number> => ({
  allowed: `a whole number from ${min} to ${max}`,
  read: (text) => {
    if (!/^\d{1,6}$/.test(text)) return undefined;
    const value = Number(text);
    return value >= min && value <= max ? value : undefined;
  },
});

export const choiceOption = <Name extends string>(
  ...names: readonly Name[]
): OptionReader<Name> => ({
  allowed: names.join(' or '),
  read: (text) => names.find((name) => name === text),
});

export const switchOption: OptionReader<boolean> = {
  allowed: '0 or 1',
  read: (text) => (text === '1' ? true : text === '0' ? false : undefined),
};

/** @returns the fault that a camera specification which nobody can follow gives. */
export function specFault(text: string, message: string, allowed: string): DeviceError {
  return new DeviceError('PORTICO_CAMERA_SPEC', {
    message: `camera "${text}": ${message}`,
    remedy: `Allowed: ${allowed}.`,
    device: 'camera',
    transient: false,
  });
}

/**
 * The `?name=value&...` part of a camera specification. Every option is taken by name with its
 * reader; `finish` then refuses what nobody asked for.
 */
export class SpecOptions {
  readonly #spec: string;
  readonly #given = new Map<string, string>();
  readonly #known: string[] = [];

  /** @throws PORTICO_CAMERA_SPEC if an option has no value or stands there twice */
  constructor(spec: string, query: string) {
    this.#spec = spec;
    for (const part of query === '' ? [] : query.split('&')) {
      const [name = '', value, ...rest] = part.split('=');
      if (name === '' || value === undefined || rest.length > 0) {
        throw specFault(spec, `"${part}" is not name=value`, 'options as ?name=value&name=value');
      }
      if (this.#given.has(name)) {
        throw specFault(spec, `option "${name}" is given twice`, 'each option once');
      }
      this.#given.set(name, value);
    }
  }

  /** @throws PORTICO_CAMERA_SPEC if the value is not allowed; the remedy says what is */
  take<Value, Fallback>(
    name: string,
    reader: OptionReader<Value>,
    fallback: Fallback,
  ): Value | Fallback {
    this.#known.push(`${name} (${reader.allowed})`);
    const text = this.#given.get(name);
    if (text === undefined) return fallback;
    this.#given.delete(name);
    const value = reader.read(text);
    if (value === undefined) {
      throw specFault(this.#spec, `${name}=${text} is not allowed`, `${name}: ${reader.allowed}`);
    }
    return value;
  }

  /** @throws PORTICO_CAMERA_SPEC if an option is left that was never taken */
  finish(): void {
    const [unknown] = this.#given.keys();
    if (unknown === undefined) return;
    const allowed = this.#known.length === 0 ? 'no options here' : this.#known.join(', ');
    throw specFault(this.#spec, `unknown option "${unknown}"`, allowed);
  }
}
