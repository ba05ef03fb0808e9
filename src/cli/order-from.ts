import { ART_MANNERS } from '../domain/art.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { Order } from '../messaging/documents/command-document.ts';
import { OptionValues } from './option-values.ts';
import { readModelSet } from './read-model-set.ts';

/** Orders that `portico command` gives; those about people are `portico enrol`'s. */
export const ORDER_WORDS = [
  'pulse',
  'lock-down',
  'release',
  'sync',
  'reload',
  'restart',
  'models',
  'art',
] as const;
export type OrderWord = (typeof ORDER_WORDS)[number];

/** Options of `portico command`; each goes with one order. */
export interface OrderOptions {
  readonly for?: string;
  readonly fromScratch?: boolean;
  readonly on?: boolean;
  readonly off?: boolean;
  readonly manner?: string;
  readonly style?: string;
  readonly interval?: string;
  readonly from?: string;
}

const OPTIONS_OF: Readonly<Partial<Record<OrderWord, readonly (keyof OrderOptions)[]>>> = {
  pulse: ['for'],
  sync: ['fromScratch'],
  models: ['from'],
  art: ['on', 'off', 'manner', 'style', 'interval'],
};
const values = new OptionValues('portico command');

/** @throws PORTICO_USAGE for an option that does not go with the order, or a value that it does not take */
export function orderFrom(name: OrderWord, options: OrderOptions): Order {
  assertFitting(name, options);
  switch (name) {
    case 'pulse':
      return options.for === undefined
        ? { name }
        : { name, durationMs: values.whole('--for', options.for, 100, 30_000) };
    case 'sync':
      return options.fromScratch === true ? { name, isFromScratch: true } : { name };
    case 'models':
      return {
        name,
        files: [...readModelSet(options.from ?? values.misuse('models takes --from'))],
      };
    case 'art':
      return artOrder(options);
    case 'lock-down':
    case 'release':
    case 'reload':
    case 'restart':
      return { name };
    default:
      return assertNever(name);
  }
}

function artOrder({ on, off, manner, style, interval }: OrderOptions): Order {
  if (on === true && off === true) values.misuse('--on or --off, not both');
  const isOn = on === true ? true : off === true ? false : undefined;
  if (isOn === undefined && (manner ?? style ?? interval) === undefined) {
    values.misuse('art takes --on, --off, --manner, --style or --interval');
  }
  return {
    name: 'art',
    ...(isOn === undefined ? {} : { isOn }),
    ...(manner === undefined ? {} : { manner: values.oneOf('--manner', manner, ART_MANNERS) }),
    ...(style === undefined ? {} : { style }),
    ...(interval === undefined
      ? {}
      : { intervalS: values.whole('--interval', interval, 10, 86_400) }),
  };
}

function assertFitting(name: OrderWord, options: OrderOptions): void {
  const mine = OPTIONS_OF[name] ?? [];
  for (const [word, names] of Object.entries(OPTIONS_OF)) {
    const stray = names.find((option) => !mine.includes(option) && options[option] !== undefined);
    if (stray !== undefined) {
      values.misuse(`--${stray === 'fromScratch' ? 'from-scratch' : stray} goes with ${word}`);
    }
  }
}
