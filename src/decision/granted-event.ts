import type { Grant } from '../domain/decision.ts';
import type { GateEvent } from '../domain/events.ts';
import type { MonotonicMs } from '../domain/units.ts';

/** The event of an admittance, once the relay has confirmed at `energisedAtMs` that it opened. */
export const grantedEvent = (grant: Grant, energisedAtMs: MonotonicMs): GateEvent => ({
  type: 'access.granted',
  identityId: grant.identityId,
  similarity: grant.similarity,
  threshold: grant.threshold,
  modelId: grant.modelId,
  frameToRelayMs: energisedAtMs - grant.capturedAtMs,
  ...(grant.livenessWaiver === undefined ? {} : { livenessWaiver: grant.livenessWaiver }),
});
