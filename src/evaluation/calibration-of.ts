import { CALIBRATION_SCHEMA_VERSION, type Calibration } from '../domain/calibration.ts';
import { EvaluationError } from '../domain/errors.ts';
import { type AllComparisons, allComparisons } from './all-comparisons.ts';
import { type CalibrationCurve, calibrationCurve, EVENTS_TO_COUNT } from './calibration-points.ts';
import type { EncoderSamples } from './fusion/fuse-samples.ts';

/** What is written to `models/<id>/calibration.json`, and what a report shows besides. */
export interface CalibrationResult {
  readonly calibration: Calibration;
  readonly curve: CalibrationCurve;
  readonly notAcquired: number;
  /** What it was measured on. */
  readonly samples: EncoderSamples['samples'];
  readonly comparisons: AllComparisons;
}

/** Where the samples came from. */
export interface CalibrationSource {
  readonly encoderId: string;
  readonly dataName: string;
  readonly date: string;
  readonly remarks: readonly string[];
  /** Pictures that a face was looked for in. */
  readonly pictures: number;
  /** Pictures not among them because their label is wrong. */
  readonly leftOut: number;
}

/** @throws PORTICO_EVALUATION_DATA when there are too few comparisons */
export function calibrationOf(
  { samples, fusion }: EncoderSamples,
  source: CalibrationSource,
): CalibrationResult {
  const dimension = samples[0]?.embedding.length;
  if (dimension === undefined) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `no face could be encoded in ${source.pictures} pictures`,
      remedy: 'Give pictures with one visible face each.',
    });
  }
  const comparisons = allComparisons(samples);
  const curve = calibrationCurve(comparisons);
  const notAcquired = source.pictures - samples.length;
  const calibration: Calibration = {
    schemaVersion: CALIBRATION_SCHEMA_VERSION,
    modelId: source.encoderId,
    dimension,
    date: source.date,
    data: {
      name: source.dataName,
      subjects: comparisons.people,
      samples: samples.length,
      matedTrials: comparisons.mated.similarity.length,
      nonMatedTrials: comparisons.nonMated.similarity.length,
    },
    ...(fusion === undefined ? {} : { fusion }),
    direction: 'higher-is-more-alike',
    points: curve.points.map(({ exactInterval, subjectInterval, ...point }) => rounded(point)),
    claims: [...claims(comparisons, curve, { ...source, notAcquired }), ...source.remarks],
  };
  return { calibration, curve, notAcquired, samples, comparisons };
}

function claims(
  { people, nonMated }: AllComparisons,
  { tail }: CalibrationCurve,
  missing: { readonly leftOut: number; readonly notAcquired: number },
): readonly string[] {
  return [
    `Measured rates rest on at least ${EVENTS_TO_COUNT} false matches among ${nonMated.similarity.length} non-mated comparisons of ${people} people.`,
    'Comparisons that share a person are not independent; each interval spans the exact (Clopper-Pearson) one and the one found by resampling people.',
    `Extrapolated rates follow a generalised Pareto tail fitted above similarity ${tail.from.toFixed(4)} (shape ${tail.law.shape.toFixed(3)}, scale ${tail.law.scale.toFixed(4)}); they are a model, not a measurement.`,
    `Pictures left out because their published label is wrong: ${missing.leftOut}; because no face in them could be encoded: ${missing.notAcquired}.`,
  ];
}

/** Six significant digits: more would be noise, and would change with every machine. */
function rounded(point: Calibration['points'][number]): Calibration['points'][number] {
  const six = (value: number): number => Number(value.toPrecision(6));
  return {
    ...point,
    fmr: six(point.fmr),
    fmrInterval: [six(point.fmrInterval[0]), six(point.fmrInterval[1])],
    fnmr: six(point.fnmr),
    fnmrInterval: [six(point.fnmrInterval[0]), six(point.fnmrInterval[1])],
  };
}
