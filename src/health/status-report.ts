import { z } from 'zod';
import { GATE_STAGES } from '../domain/gate-stage.ts';

const latency = z.strictObject({ p50: z.number(), p95: z.number() });

/** What a running gate says about itself to its own machine: no person in it, no name, no picture. */
export const statusReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  version: z.string(),
  condition: z.enum(['working', 'degraded', 'stalled']),
  upForMs: z.number(),
  /** Rung of the execution provider in use. */
  provider: z.string().optional(),
  /** What each network runs on; absent before they are loaded. */
  networks: z
    .array(
      z.strictObject({
        modelId: z.string(),
        provider: z.string(),
        /** On the processor: how many, and why. */
        threads: z.string().optional(),
      }),
    )
    .optional(),
  livenessWaiver: z.string().optional(),
  stages: z.array(
    z.strictObject({
      stage: z.enum(GATE_STAGES),
      /** Since its last completed work; absent before the first. */
      ageMs: z.number().optional(),
      isLate: z.boolean(),
    }),
  ),
  faults: z.array(z.string()),
  door: z
    .strictObject({ state: z.string(), contact: z.string(), isLockedDown: z.boolean() })
    .optional(),
  /** Absent where the gate stands alone. */
  site: z
    .strictObject({
      site: z.string(),
      gateId: z.string(),
      isConnected: z.boolean(),
      heardAgoMs: z.number().optional(),
      standing: z.string(),
      epoch: z.int(),
      people: z.int(),
      ignoredTemplates: z.int(),
      waitingEvents: z.int(),
      refusals: z.record(z.string(), z.int()),
      pictures: z
        .strictObject({ waiting: z.int(), lost: z.record(z.string(), z.int()) })
        .optional(),
    })
    .optional(),
  decisions: z.strictObject({ granted: z.int(), denied: z.int() }),
  /** Milliseconds per stage over the last observations. */
  latencyMs: z.record(z.string(), latency),
  machine: z.strictObject({
    hottestC: z.number().optional(),
    isThrottled: z.boolean().optional(),
    freeBytes: z.number().optional(),
    residentBytes: z.number(),
  }),
});

export type StatusReport = z.infer<typeof statusReportSchema>;

/** @returns undefined for what is not the report of a gate of this schema */
export function parseStatusReport(value: unknown): StatusReport | undefined {
  const parsed = statusReportSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
