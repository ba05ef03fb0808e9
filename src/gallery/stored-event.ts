import { z } from 'zod';
import type { GateEvent, NumberedEvent } from '../domain/events.ts';
import { wallMs } from '../domain/units.ts';

/*
 * The hash chain proves that a record is what was appended, so its fields are not checked again; and
 * an event that a newer Portico appended must pass through an older one after a roll-back.
 */
const stored = z.strictObject({
  number: z.number().int().positive(),
  atMs: z.number().transform(wallMs),
  event: z.custom<GateEvent>(
    (value) => typeof value === 'object' && value !== null && 'type' in value,
  ),
});

export const encodeEvent = (numbered: NumberedEvent): string => JSON.stringify(numbered);

/** @returns undefined when the record is not an event */
export function decodeEvent(record: string): NumberedEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(record);
  } catch {
    return undefined; // the caller reports the damage with the event's number
  }
  const parsed = stored.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
