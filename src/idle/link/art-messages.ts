import { z } from 'zod';
import { ART_MANNERS } from '../../domain/art.ts';

const count = z.int().min(0);
const text = z.string().min(1).max(120);

const title = z.strictObject({
  style: text,
  manner: z.enum(ART_MANNERS),
  subject: text.optional(),
});

/** What the gate says to the art process. A frame is followed by its pixels, packed RGB. */
const toArt = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('order'),
    /** Counts up; the answer 'stopped' names it. */
    serial: count,
    /** False: no run of a net may begin, and the one in work is the last. */
    mayPaint: z.boolean(),
    manner: z.enum(ART_MANNERS),
    style: text,
    intervalS: z.number().min(1).max(86_400),
  }),
  z.strictObject({
    kind: z.literal('frame'),
    widthPx: z.int().min(1).max(1_920),
    heightPx: z.int().min(1).max(1_080),
  }),
  /** There is none to be had now, or none may be shown. */
  z.strictObject({ kind: z.literal('no-frame') }),
]);

/** What the art process says to the gate. A picture is followed by its JPEG. */
const toGate = z.discriminatedUnion('kind', [
  /** Sent every second, whatever is painted. */
  z.strictObject({ kind: z.literal('alive') }),
  /** Since that order nothing runs any more. */
  z.strictObject({ kind: z.literal('stopped'), serial: count }),
  z.strictObject({ kind: z.literal('want-frame') }),
  z.strictObject({ kind: z.literal('picture'), title, fadeMs: z.int().min(0).max(60_000) }),
  /** There is nothing to show. */
  z.strictObject({ kind: z.literal('nothing') }),
]);

export type MessageToArt = z.infer<typeof toArt>;
export type ArtOrder = Extract<MessageToArt, { kind: 'order' }>;
export type MessageToGate = z.infer<typeof toGate>;
export type PictureMessage = Extract<MessageToGate, { kind: 'picture' }>;

/** Undefined: not a message of this protocol. */
export const readMessageToArt = (header: unknown): MessageToArt | undefined =>
  toArt.safeParse(header).data;

/** Undefined: not a message of this protocol. */
export const readMessageToGate = (header: unknown): MessageToGate | undefined =>
  toGate.safeParse(header).data;
