/** Median milliseconds of one run, by the number of threads. */
export type RunTimes = Readonly<Record<string, number>>;

/** With how many threads a network runs on the processor, and why. */
export interface ThreadChoice {
  readonly threads: number;
  readonly because: 'configured' | 'measured' | 'remembered';
  /** What the choice rests on; absent: it was configured. */
  readonly runMs?: RunTimes;
}

/** A number from the configuration, or where what is measured on this machine is kept. */
export type ThreadPolicy = number | { readonly rememberedIn: string };

/** For what is never measured: graphs of a moment, and other rungs' work on the processor. */
const UNMEASURED_THREADS = 2;

export const unmeasuredThreads = (policy: ThreadPolicy | 'auto'): number =>
  typeof policy === 'number' ? policy : UNMEASURED_THREADS;

/** Threads beyond one take a core from camera, page and door: they must shorten a run to this share. */
const WORTH_ANOTHER_THREAD = 0.9;

/** The fewest threads that are nearly as fast as any others. */
export function fewestFastThreads(runMs: RunTimes): number {
  const byThreads = Object.entries(runMs)
    .map(([threads, ms]) => ({ threads: Number(threads), ms }))
    .sort((left, right) => left.threads - right.threads);
  const fastestMs = Math.min(...byThreads.map(({ ms }) => ms));
  return byThreads.find(({ ms }) => ms * WORTH_ANOTHER_THREAD <= fastestMs)?.threads ?? 1;
}

/** Doublings up to all cores, and all of them: what is worth trying. */
export function threadCandidates(cores: number): readonly number[] {
  const candidates = [];
  for (let threads = 1; threads < cores; threads *= 2) candidates.push(threads);
  return [...candidates, cores];
}

/** For people: `1, measured (1: 3.09 ms, 2: 3.60 ms)`. */
export function describeThreads({ threads, because, runMs = {} }: ThreadChoice): string {
  const times = Object.entries(runMs).map(([count, ms]) => `${count}: ${ms.toFixed(2)} ms`);
  const evidence = times.length === 0 ? '' : ` (${times.join(', ')})`;
  return `${threads}, ${because}${evidence}`;
}
