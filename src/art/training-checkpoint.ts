import { createHash } from 'node:crypto';
import { readSealed, writeSealed } from './sealed-file.ts';
import type { StyleTarget, TrainingCosts, TrainingState } from './train-painter.ts';
import type { TrainingPlan } from './training-plan.ts';

const VERSION = 1;

/** The mean costs of a run of steps. */
export interface CurvePoint extends TrainingCosts {
  /** The last of the steps. */
  readonly step: number;
  /** The whole cost of each trained style. */
  readonly costByStyle: readonly number[];
}

export interface TrainingCheckpoint {
  readonly state: TrainingState;
  readonly curve: readonly CurvePoint[];
}

interface Header {
  readonly version: number;
  readonly key: string;
  readonly step: number;
  readonly elapsedMs: number;
  readonly adamSteps: number;
  readonly curve: readonly CurvePoint[];
}

export type StoredTraining =
  | { readonly kind: 'found'; readonly checkpoint: TrainingCheckpoint }
  | { readonly kind: 'none' }
  /** Cut off, changed, or of another version. */
  | { readonly kind: 'damaged' }
  /** Whole, but of other styles or settings. */
  | { readonly kind: 'other' };

/**
 * What tells one training from another: the digest of its plan and styles. The budget is left out,
 * so that a training can be prolonged.
 */
export function trainingKey(
  { steps: _steps, limitMs: _limitMs, ...plan }: TrainingPlan,
  targets: readonly StyleTarget[],
): string {
  const digest = createHash('sha256').update(JSON.stringify(plan));
  for (const target of targets) {
    for (const [layer, gram] of target) {
      // Rounded, because engines differ in the last digits.
      digest.update(layer).update(Array.from(gram, (value) => value.toPrecision(2)).join());
    }
  }
  return digest.digest('hex');
}

export async function writeTraining(
  path: string,
  key: string,
  { state, curve }: TrainingCheckpoint,
): Promise<void> {
  const { step, elapsedMs, parameters, adam } = state;
  const header: Header = { version: VERSION, key, step, elapsedMs, adamSteps: adam.steps, curve };
  await writeSealed(path, header, [parameters, adam.mean, adam.square]);
}

/** Reads what {@link writeTraining} wrote for the same training. */
export async function readTraining(path: string, key: string): Promise<StoredTraining> {
  const file = await readSealed(path);
  if (file.kind !== 'whole') return file;
  if (!isHeader(file.header)) return { kind: 'damaged' };
  if (file.header.key !== key) return { kind: 'other' };
  const { step, elapsedMs, adamSteps, curve } = file.header;
  const third = file.values.length / 3;
  const part = (index: number) => file.values.slice(index * third, (index + 1) * third);
  const adam = { steps: adamSteps, mean: part(1), square: part(2) };
  return {
    kind: 'found',
    checkpoint: { state: { step, elapsedMs, parameters: part(0), adam }, curve },
  };
}

/** The digest says that the file is what was written; the version says what that means. */
const isHeader = (header: unknown): header is Header =>
  typeof header === 'object' &&
  header !== null &&
  'version' in header &&
  header.version === VERSION;
