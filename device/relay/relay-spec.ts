import { ConfigError } from '../../src/domain/errors.ts';
import { parseGpioAddress } from '../gpio/gpio-address.ts';

/** Which output moves the strike, as the configuration names it. */
export type RelaySpec =
  | { readonly kind: 'simulated' }
  | {
      readonly kind: 'gpio';
      readonly chip: string;
      readonly line: string;
      readonly activeLow: boolean;
    }
  | {
      readonly kind: 'modbus';
      readonly path: string;
      /** 1..247 */
      readonly unit: number;
      /** 0..31, as the board counts its coils */
      readonly channel: number;
      readonly baud: number;
    }
  | {
      readonly kind: 'lcus';
      readonly path: string;
      /** 1..16, as printed on the board */
      readonly channel: number;
      readonly baud: number;
    };

const ALLOWED = [
  'simulated:',
  'gpio:<chip label, gpiochipN or /dev/gpiochipN>/<line name or offset>[?active=low|high]',
  'modbus:<serial device>?unit=1..247&channel=0..31[&baud=9600]',
  'lcus:<serial device>?channel=1..16[&baud=9600]',
];
const BAUDS = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 128_000, 256_000];

/** @throws PORTICO_RELAY_SPEC naming what is wrong and what is allowed */
export function parseRelaySpec(text: string): RelaySpec {
  const parts = /^([a-z-]+):([^?]*)(?:\?(.*))?$/.exec(text);
  const kind = parts?.[1] ?? '';
  const rest = parts?.[2] ?? '';
  const query = new Query(text, parts?.[3] ?? '');
  switch (kind) {
    case 'simulated':
      if (rest !== '') throw refused(text, `"${rest}" is left over`);
      return query.done({ kind });
    case 'gpio': {
      const address = parseGpioAddress(rest);
      if (address === undefined) throw refused(text, `"${rest}" is not <chip>/<line>`);
      return query.done({ kind, ...address, activeLow: query.activeLow() });
    }
    case 'modbus': {
      const unit = query.integer('unit', 1, 247);
      const channel = query.integer('channel', 0, 31);
      return query.done({ kind, path: devicePath(text, rest), unit, channel, baud: query.baud() });
    }
    case 'lcus': {
      const channel = query.integer('channel', 1, 16);
      return query.done({ kind, path: devicePath(text, rest), channel, baud: query.baud() });
    }
    default:
      throw refused(text, 'unknown kind');
  }
}

/** The options after the question mark; each may be taken once, and none may be left over. */
class Query {
  readonly #text: string;
  readonly #left = new Map<string, string>();

  constructor(text: string, query: string) {
    this.#text = text;
    for (const pair of query === '' ? [] : query.split('&')) {
      const [name, value, ...more] = pair.split('=');
      if (name === undefined || value === undefined || more.length > 0 || this.#left.has(name)) {
        throw refused(text, `"${pair}" is not a single <name>=<value>`);
      }
      this.#left.set(name, value);
    }
  }

  integer(name: string, min: number, max: number): number {
    const value = this.#take(name);
    if (value === undefined) throw refused(this.#text, `"${name}" is missing`);
    const number = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw refused(this.#text, `"${name}" must be a whole number from ${min} to ${max}`);
  }

  baud(): number {
    const value = this.#take('baud') ?? '9600';
    const baud = BAUDS.find((known) => String(known) === value);
    if (baud === undefined) throw refused(this.#text, `"baud" must be one of ${BAUDS.join(', ')}`);
    return baud;
  }

  activeLow(): boolean {
    const value = this.#take('active') ?? 'high';
    if (value !== 'low' && value !== 'high') {
      throw refused(this.#text, '"active" must be low or high');
    }
    return value === 'low';
  }

  done<Spec extends RelaySpec>(spec: Spec): Spec {
    const [left] = this.#left.keys();
    if (left !== undefined) throw refused(this.#text, `unknown option "${left}"`);
    return spec;
  }

  #take(name: string): string | undefined {
    const value = this.#left.get(name);
    this.#left.delete(name);
    return value;
  }
}

function devicePath(text: string, path: string): string {
  if (/^\/dev\/[A-Za-z0-9._:+@/-]{1,120}$/.test(path) && !path.includes('/../')) return path;
  throw refused(text, `"${path}" is not a device file such as /dev/ttyUSB0`);
}

function refused(text: string, detail: string): ConfigError {
  return new ConfigError('PORTICO_RELAY_SPEC', {
    message: `relay "${text}": ${detail}`,
    remedy: `Write one of: ${ALLOWED.join(' | ')}`,
  });
}
