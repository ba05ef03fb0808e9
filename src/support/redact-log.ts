import { plainText } from './plain-text.ts';
import { REDACTED, type StruckWords } from './struck-words.ts';

/** Fields whose values are words of ours. */
const WORDS = new Set([
  'event',
  'code',
  'reason',
  'because',
  'part',
  'stage',
  'stalest',
  'provider',
  'type',
  'state',
  'standing',
  'version',
]);
/** Sentences for people, which may name what stood in a file or on a device. */
const SENTENCES = new Set(['msg', 'detail', 'remedy', 'device', 'camera']);
const WORD = /^[\w.:-]{1,64}$/;
const STACK_FRAME = /^\s+at .*?([\w.-]+\.(?:js|mjs|cjs|ts)(?::\d+){1,2})\)?$/;
const CODE = /\bPORTICO_[A-Z_]+\b/g;
const LONGEST_SENTENCE = 600;

/**
 * One line of the gate's log as it may leave the machine: chosen field by field, so that a field which
 * nobody thought of stays behind. Of lines that are not ours remain codes and places in the program.
 * @param people  undefined: nobody knows who is enrolled here, and no sentence can be vouched for
 */
export function redactLogLine(line: string, people: StruckWords | undefined): string {
  const record = parse(line);
  if (record === undefined) return foreign(line);
  const kept = Object.entries(record).flatMap(([field, value]) => {
    const shown = redactField(field, value, people);
    return shown === undefined ? [] : [[field, shown] as const];
  });
  return JSON.stringify(Object.fromEntries(kept));
}

function redactField(
  field: string,
  value: unknown,
  people: StruckWords | undefined,
): string | number | boolean | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (WORDS.has(field)) return WORD.test(value) ? (people?.text(value) ?? value) : REDACTED;
  if (!SENTENCES.has(field)) return undefined;
  return people?.text(plainText(value.slice(0, LONGEST_SENTENCE)));
}

function foreign(line: string): string {
  const frame = STACK_FRAME.exec(line)?.[1];
  if (frame !== undefined) return `  at ${frame}`;
  const codes = line.match(CODE) ?? [];
  return `[a line of ${line.length} characters${codes.length === 0 ? '' : `: ${codes.join(', ')}`}]`;
}

function parse(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
