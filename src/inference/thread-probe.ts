import { availableParallelism } from 'node:os';
import {
  fewestFastThreads,
  type RunTimes,
  type ThreadChoice,
  type ThreadPolicy,
  threadCandidates,
} from './thread-choice.ts';
import { recallRunTimes, rememberRunTimes } from './thread-memory.ts';

/** A network opened with some number of threads. */
export interface TimedRun {
  run(): Promise<unknown>;
  close(): Promise<void>;
}

export type OpenWithThreads = (threads: number) => Promise<TimedRun>;

export interface ProbedModel {
  /** SHA-256 of its file; absent: it is measured every time. */
  readonly sha256?: string | undefined;
  readonly open: OpenWithThreads;
}

const WARM_UP_RUNS = 2;
const MOST_ROUNDS = 21;
/** A door waits for this: one network is measured for so long at most, and once per machine. */
const BUDGET_MS = 250;

/**
 * With how many threads a network should run here: as configured, as measured before, or as a short
 * measurement says now.
 * @param policy  see {@link ThreadPolicy}
 * @throws what `open` throws
 */
export async function chooseThreads(
  policy: ThreadPolicy,
  { sha256, open }: ProbedModel,
): Promise<ThreadChoice> {
  if (typeof policy === 'number') return { threads: policy, because: 'configured' };
  const known = sha256 === undefined ? undefined : recallRunTimes(policy.rememberedIn, sha256);
  if (known !== undefined) {
    return { threads: fewestFastThreads(known), because: 'remembered', runMs: known };
  }
  const candidates = threadCandidates(availableParallelism());
  const runMs = await measureRuns(open, candidates, () => performance.now());
  if (sha256 !== undefined) rememberRunTimes(policy.rememberedIn, sha256, runMs);
  return { threads: fewestFastThreads(runMs), because: 'measured', runMs };
}

/**
 * The candidates take turns, so that a busy moment of the machine falls on all of them.
 * @param nowMs  a clock for durations
 */
export async function measureRuns(
  open: OpenWithThreads,
  candidates: readonly number[],
  nowMs: () => number,
): Promise<RunTimes> {
  const opened: { readonly threads: number; readonly timed: TimedRun; readonly ms: number[] }[] =
    [];
  try {
    for (const threads of candidates) {
      opened.push({ threads, timed: await open(threads), ms: [] });
    }
    for (const { timed } of opened) {
      for (let run = 0; run < WARM_UP_RUNS; run += 1) await timed.run();
    }
    const endMs = nowMs() + BUDGET_MS;
    for (let round = 0; round < MOST_ROUNDS && (round === 0 || nowMs() < endMs); round += 1) {
      for (const { timed, ms } of opened) {
        const beganMs = nowMs();
        await timed.run();
        ms.push(nowMs() - beganMs);
      }
    }
  } finally {
    for (const { timed } of opened) await timed.close();
  }
  return Object.fromEntries(opened.map(({ threads, ms }) => [threads, medianOf(ms)]));
}

const medianOf = (values: number[]): number =>
  values.sort((left, right) => left - right)[values.length >> 1] ?? Number.POSITIVE_INFINITY;
