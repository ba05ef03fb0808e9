import { z } from 'zod';
import { ART_MANNERS } from '../../domain/art.ts';
import { gateIdSchema, siteIdSchema, wallSchema } from '../../roster/roster-documents.ts';

const word = z.string().regex(/^[A-Za-z0-9._+:-]{1,60}$/);
const title = z.string().min(1).max(120);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What the gate's own program adds to its state. */
export const gateReportSchema = z.strictObject({
  version: word.describe('Of Portico'),
  door: z
    .enum(['locked', 'unlocked', 'open', 'held-open', 'forced', 'locked-down', 'fault'])
    .describe('The most urgent of what holds'),
  contact: z.enum(['open', 'closed', 'absent']).describe('Of the door; absent: there is none'),
  isLockedDown: z.boolean(),
  camera: z.enum(['delivering', 'fault']),
  provider: word.describe('Execution provider in use'),
  faults: z.array(word).max(64).describe('Codes of the faults that stand'),
  uptimeSeconds: count,
  art: z
    .exactOptional(
      z.strictObject({
        isOn: z.boolean(),
        manner: z.enum(ART_MANNERS),
        style: title.describe('One by its title, or every'),
        intervalS: count,
        shown: z
          .exactOptional(z.strictObject({ style: title, manner: z.enum(ART_MANNERS) }))
          .describe('What hangs on the wall; absent while its plain idle picture does'),
      }),
    )
    .describe('Absent: the gate has no art'),
  temperaturesCelsius: z.exactOptional(z.record(word, z.number().min(-100).max(250))),
});
export type GateReport = Readonly<z.infer<typeof gateReportSchema>>;

export const stateDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('state'),
  site: siteIdSchema,
  gateId: gateIdSchema,
  atMs: wallSchema,
  gate: gateReportSchema,
  roster: z.strictObject({
    standing: z.enum(['unheaded', 'catching-up', 'current', 'incomplete', 'stale', 'expired']),
    epoch: count.describe('Of the newest head; 0: none'),
    count: count.describe('People that came over the site'),
    ignoredTemplates: count.describe('Of encoders that this gate does not run, since it started'),
  }),
  events: z.strictObject({
    last: count.describe('Number of the newest event'),
    acknowledged: count.describe('Number of the last event that is in safe keeping'),
  }),
  refusals: z
    .record(z.string().regex(/^[a-z-]{1,40}$/), count)
    .describe('Messages not obeyed, by reason, since the gate started'),
});
export type StateDocument = Readonly<z.infer<typeof stateDocumentSchema>>;

/** Not signed: the last will is spoken by the broker, which can say it at any time anyway. */
export const availabilityDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('availability'),
  availability: z.enum(['online', 'offline']),
});
export type Availability = z.infer<typeof availabilityDocumentSchema>['availability'];

export const availabilityPayload = (availability: Availability): string =>
  JSON.stringify({ schemaVersion: 1, kind: 'availability', availability });
