import { z } from 'zod';
import type { EventDocument } from '../messaging/documents/event-document.ts';
import { parseJson } from '../messaging/envelope/compact-header.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const recordSchema = z.object({
  atMs: z.number(),
  event: z.record(z.string(), z.union([scalar, z.array(scalar)])),
});

/** What a gate reported, as far as anybody can read it who does not know its version. */
export interface ReportedEvent {
  readonly gateId: string;
  readonly streamId: string;
  readonly number: number;
  /** By the gate's clock. */
  readonly atMs: number;
  readonly type: string;
  /** The rest of the event. */
  readonly fields: Readonly<Record<string, string | number | boolean | readonly unknown[]>>;
}

/** @returns undefined for a record that is not an event: a gate of the future, or a broken one */
export function readEvent({
  gateId,
  streamId,
  number,
  record,
}: Pick<EventDocument, 'gateId' | 'streamId' | 'number' | 'record'>): ReportedEvent | undefined {
  const parsed = recordSchema.safeParse(parseJson(record));
  if (!parsed.success) return undefined;
  const { type, ...fields } = parsed.data.event;
  if (typeof type !== 'string') return undefined;
  return { gateId, streamId, number, atMs: parsed.data.atMs, type, fields };
}
