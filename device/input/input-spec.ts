import { ConfigError } from '../../src/domain/errors.ts';
import { isGpioChip, isGpioLine } from '../gpio/gpio-address.ts';

export type GpioBias = 'pull-up' | 'pull-down';

export interface GpioInputSpec {
  readonly kind: 'gpio';
  readonly chip: string;
  /** Line of the door contact: active while the door is closed. */
  readonly contact?: string;
  /** Line of the exit button: active while pressed. */
  readonly exit?: string;
  readonly activeLow: boolean;
  readonly bias?: GpioBias;
}

/** Which sensors are wired, as the configuration names them. */
export type InputSpec = { readonly kind: 'none' } | { readonly kind: 'simulated' } | GpioInputSpec;

const ALLOWED = [
  'none:',
  'simulated:',
  'gpio:<chip label, gpiochipN or /dev/gpiochipN>?contact=<line>&exit=<line>[&active=low|high][&bias=pull-up|pull-down] with one of contact and exit, or both',
];

/** @throws PORTICO_INPUT_SPEC naming what is wrong and what is allowed */
export function parseInputSpec(text: string): InputSpec {
  if (text === 'none:') return { kind: 'none' };
  if (text === 'simulated:') return { kind: 'simulated' };
  const parts = /^gpio:([^?]*)\?(.*)$/.exec(text);
  const chip = parts?.[1];
  if (chip === undefined) throw refused(text, 'unknown kind, or nothing after it');
  if (!isGpioChip(chip)) throw refused(text, `"${chip}" is not a chip`);
  const options = parseOptions(text, parts?.[2] ?? '');
  const contact = options.get('contact');
  const exit = options.get('exit');
  if (contact === undefined && exit === undefined) {
    throw refused(text, 'neither "contact" nor "exit" is given');
  }
  if (contact === exit) throw refused(text, '"contact" and "exit" are the same line');
  const bias = options.get('bias');
  return {
    kind: 'gpio',
    chip,
    ...(contact === undefined ? {} : { contact }),
    ...(exit === undefined ? {} : { exit }),
    activeLow: options.get('active') === 'low',
    ...(bias === 'pull-up' || bias === 'pull-down' ? { bias } : {}),
  };
}

const VALUES: Readonly<Record<string, (value: string) => boolean>> = {
  contact: isGpioLine,
  exit: isGpioLine,
  active: (value) => value === 'low' || value === 'high',
  bias: (value) => value === 'pull-up' || value === 'pull-down',
};

function parseOptions(text: string, query: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const pair of query.split('&')) {
    const [name = '', value = '', ...more] = pair.split('=');
    const isValid = Object.hasOwn(VALUES, name) && VALUES[name]?.(value) === true;
    if (!isValid || more.length > 0 || options.has(name)) {
      throw refused(text, `"${pair}" is unknown, repeated or malformed`);
    }
    options.set(name, value);
  }
  return options;
}

function refused(text: string, detail: string): ConfigError {
  return new ConfigError('PORTICO_INPUT_SPEC', {
    message: `door inputs "${text}": ${detail}`,
    remedy: `Write one of: ${ALLOWED.join(' | ')}`,
  });
}
