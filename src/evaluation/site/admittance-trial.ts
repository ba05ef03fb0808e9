import { madeUpPerson, probeOf } from './made-up-roster.ts';
import { type Spread, spreadOf } from './spread.ts';
import type { TrialGateProcess } from './trial-gate-process.ts';
import type { TrialSite } from './trial-site.ts';

export interface AdmittanceFigures {
  /** From the call that signs and publishes a person until the gate has recognised that person. */
  readonly admittedMs: Spread;
  /** From the call that publishes the deletion until the gate has refused that person. */
  readonly refusedMs: Spread;
}

/** People who stand at the door when they are enrolled at the desk, one after another, and go again. */
export async function measureAdmittance(
  site: TrialSite,
  gate: TrialGateProcess,
  visits: { readonly first: number; readonly count: number },
): Promise<AdmittanceFigures> {
  const { clock, signal, onProgress } = site.around;
  const admitted: number[] = [];
  const refused: number[] = [];
  for (let visit = 0; visit < visits.count; visit += 1) {
    signal.throwIfAborted();
    onProgress('people at the door', visit / visits.count, `visit ${visit + 1} of ${visits.count}`);
    const index = visits.first + visit;
    const person = madeUpPerson(index);
    const { identityId } = person.identity;
    gate.visit(identityId, probeOf(index));
    const admittance = gate.decided(identityId, 'recognised', signal);
    const publishedAt = clock.now();
    await site.desk.publishRecord(person);
    admitted.push((await admittance) - publishedAt);
    await site.desk.publishHead();
    const refusal = gate.decided(identityId, 'stranger', signal);
    const revokedAt = clock.now();
    await site.desk.publishTombstone(identityId);
    refused.push((await refusal) - revokedAt);
    await site.desk.publishHead();
  }
  return { admittedMs: spreadOf(admitted), refusedMs: spreadOf(refused) };
}
