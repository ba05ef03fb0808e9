import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PainterStyle } from '../inference/painter-file.ts';
import { CostCurve } from './cost-curve.ts';
import { type CurveSeries, curvePicture } from './curve-picture.ts';
import { FastPainter } from './fast-painter.ts';
import type { PainterModel } from './painter-model.ts';
import type { Picture } from './picture.ts';
import { sampleSize, sampleStrip } from './sample-strip.ts';
import { writeAtomically } from './sealed-file.ts';
import {
  type Trained,
  type TrainingOptions,
  type TrainingState,
  type TrainingStep,
  trainPainter,
} from './train-painter.ts';
import {
  type CurvePoint,
  readTraining,
  type StoredTraining,
  trainingKey,
  writeTraining,
} from './training-checkpoint.ts';
import { type PainterStory, writePainter } from './write-painter.ts';

/** Steps whose mean costs become one point of the curve. */
const CURVE_EVERY_STEPS = 50;

export interface TrainingFolderOptions
  extends Pick<
    TrainingOptions,
    'plan' | 'backbone' | 'open' | 'photos' | 'targets' | 'now' | 'startFrom' | 'signal'
  > {
  readonly folder: string;
  readonly styles: readonly PainterStyle[];
  /** What is painted in every style now and then, so that somebody sees how it goes. */
  readonly sample: Picture;
  readonly sampleEverySteps: number;
  readonly checkpointEverySteps: number;
  /** Does not go on from what is there. */
  readonly fresh: boolean;
  /** `training` holds the stages before this one. */
  readonly story: PainterStory;
  readonly backboneId: string;
  /** What was found in the folder, before the first step. */
  readonly onStart?: (found: StoredTraining['kind']) => void;
  readonly onStep?: (step: TrainingStep, point: CurvePoint | undefined) => void;
}

export interface FolderTrained {
  readonly outcome: Trained['outcome'];
  readonly steps: number;
  readonly elapsedMs: number;
  readonly curve: readonly CurvePoint[];
}

/**
 * Trains in a folder: `training.state` is always the last checkpoint or the one before, so that the
 * same call goes on after any kind of end; `painter.onnx`, `painter.json`, the curve
 * and a strip of samples follow at intervals.
 */
export async function trainInFolder(options: TrainingFolderOptions): Promise<FolderTrained> {
  const { folder, plan, targets, fresh } = options;
  const samples = join(folder, 'samples');
  await mkdir(samples, { recursive: true });
  const stateFile = join(folder, 'training.state');
  if (fresh) await rm(stateFile, { force: true });
  const key = trainingKey(plan, targets);
  const stored = await readTraining(stateFile, key);
  options.onStart?.(stored.kind);
  const known = stored.kind === 'found' ? stored.checkpoint : undefined;
  const curve = new CostCurve(known?.curve ?? [], CURVE_EVERY_STEPS);
  const keep = (state: TrainingState) =>
    writeTraining(stateFile, key, { state, curve: curve.points });
  const show = async (state: TrainingState) => {
    await publish(options, state, curve.points);
    const name = `${String(state.step).padStart(6, '0')}.jpg`;
    await writeAtomically(join(samples, name), await strip(options, state));
  };
  const { outcome, state } = await trainPainter({
    ...options,
    ...(known === undefined ? {} : { resumeFrom: known.state }),
    onStep: async (step, stateNow) => {
      options.onStep?.(step, curve.add(step));
      if (step.step % options.checkpointEverySteps === 0) await keep(stateNow());
      if (step.step % options.sampleEverySteps === 0) await show(stateNow());
    },
  });
  await keep(state);
  if (state.step > 0) await show(state);
  return { outcome, steps: state.step, elapsedMs: state.elapsedMs, curve: curve.points };
}

const modelOf = (
  { plan, styles }: TrainingFolderOptions,
  { parameters }: TrainingState,
): PainterModel => ({ design: plan.design, styles, parameters });

async function publish(
  options: TrainingFolderOptions,
  state: TrainingState,
  curve: readonly CurvePoint[],
): Promise<void> {
  const { folder, plan, story, photos, backboneId } = options;
  const { cropPx, pairs, stylePx, learningRate, seed, weights } = plan;
  const stage = {
    steps: state.step,
    ...{ cropPx, pairs, stylePx, learningRate, seed, weights },
    backbone: backboneId,
    photos: photos.length,
  };
  await writePainter(folder, modelOf(options, state), {
    ...story,
    training: [...story.training, stage],
  });
  const text = JSON.stringify({ styles: options.styles.map(({ name }) => name), curve });
  await writeAtomically(join(folder, 'curve.json'), Buffer.from(`${text}\n`));
  if (curve.length === 0) return;
  const picture = curvePicture('Cost by step', seriesOf(options, curve));
  await writeAtomically(join(folder, 'curve.svg'), Buffer.from(picture));
}

const seriesOf = (
  { styles, plan: { firstTrainedStyle } }: TrainingFolderOptions,
  curve: readonly CurvePoint[],
): readonly CurveSeries[] =>
  styles.slice(firstTrainedStyle).map(({ name }, index) => ({
    name,
    points: curve.map(({ step, costByStyle, cost }) => ({
      step,
      cost: costByStyle[index] ?? cost,
    })),
  }));

async function strip(options: TrainingFolderOptions, state: TrainingState): Promise<Uint8Array> {
  const { open, sample } = options;
  const painter = await FastPainter.open(modelOf(options, state), {
    open,
    size: sampleSize(sample),
  });
  try {
    return await sampleStrip(painter, sample);
  } finally {
    await painter.close();
  }
}
