import { z } from 'zod';

/*
 * What a measurement and its gate processes say to one another, one line of JSON each. The processes
 * are ours; the schemas are the types of both sides.
 */

const orderSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start'), passports: z.array(z.string()).describe('Paths') }),
  z
    .strictObject({ kind: z.literal('visit'), identityId: z.string(), probe: z.array(z.number()) })
    .describe('Somebody stands at every gate from now on'),
  z.strictObject({ kind: z.literal('report') }),
]);

const reportSchema = z.strictObject({
  kind: z.literal('report'),
  gates: z.number().int(),
  connected: z.number().int(),
  current: z.number().int().describe('Gates whose roster is what the head vouches for'),
  people: z.number().int().describe('All gates together'),
  cpuMs: z.number(),
  rssBytes: z.number(),
  peakRssBytes: z.number(),
  recordMessages: z.number().int(),
  otherMessages: z.number().int(),
  payloadBytes: z.number().int(),
  events: z.strictObject({ last: z.number().int(), acknowledged: z.number().int() }),
});

const newsSchema = z.discriminatedUnion('kind', [
  reportSchema,
  z.strictObject({
    kind: z.literal('decided'),
    gateId: z.string(),
    identityId: z.string(),
    outcome: z.enum(['recognised', 'stranger']),
  }),
  z
    .strictObject({ kind: z.literal('converged'), gateId: z.string() })
    .describe('After a change, the roster is again what the head vouches for'),
]);

export type TrialOrder = z.infer<typeof orderSchema>;
export type TrialReport = z.infer<typeof reportSchema>;
export type TrialNews = z.infer<typeof newsSchema>;

/** @throws ZodError: then the two sides are of different versions */
export const parseTrialOrder = (line: string): TrialOrder => orderSchema.parse(JSON.parse(line));
/** @throws ZodError */
export const parseTrialNews = (line: string): TrialNews => newsSchema.parse(JSON.parse(line));
