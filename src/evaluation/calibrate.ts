import { CALIBRATION_SCHEMA_VERSION, type Calibration } from '../domain/calibration.ts';
import { EvaluationError } from '../domain/errors.ts';
import { type AllComparisons, allComparisons, type KnownSample } from './all-comparisons.ts';
import { type CalibrationCurve, calibrationCurve, EVENTS_TO_COUNT } from './calibration-points.ts';
import { encodePictures } from './encode-pictures.ts';
import { type LabelledPicture, labelledPictures } from './labelled-pictures.ts';
import type { EncodedPicture, EncodePicture, Progress } from './picture-encoder.ts';

export interface CalibrateOptions {
  /** Folder of the pictures. */
  readonly root: string;
  /** File with the column `file`; without it every person/picture under the root is used. */
  readonly list?: string;
  /** Pictures of the list to leave out because their label is known to be wrong. */
  readonly mislabelled?: readonly string[];
  readonly encoderId: string;
  /** Name of the data, for the reader of the calibration. */
  readonly dataName: string;
  /** Day of the measurement, YYYY-MM-DD. */
  readonly date: string;
  readonly encodePicture: EncodePicture;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/** What is written to `models/<id>/calibration.json`, and what a report shows besides. */
export interface CalibrationResult {
  readonly calibration: Calibration;
  readonly curve: CalibrationCurve;
  readonly notAcquired: number;
}

/**
 * Measures the curve of an encoder on pictures of known people, each compared with every other.
 * @throws PORTICO_EVALUATION_DATA for faulty lists, missing pictures, or too few people
 */
export async function calibrate(options: CalibrateOptions): Promise<CalibrationResult> {
  const all = await labelledPictures(options.root, options.list);
  const pictures = withoutMislabelled(all, options.mislabelled ?? []);
  const encoded = await encodePictures(
    pictures.map(({ path }) => path),
    options,
  );
  return calibrationOf(pictures, encoded, { ...options, leftOut: all.length - pictures.length });
}

/** Where the encoded pictures came from. */
export interface CalibrationSource
  extends Pick<CalibrateOptions, 'encoderId' | 'dataName' | 'date'> {
  /** Pictures not among the given ones because their label is wrong. */
  readonly leftOut: number;
}

/** The same from pictures that are encoded already. */
export function calibrationOf(
  pictures: readonly LabelledPicture[],
  encoded: ReadonlyMap<string, EncodedPicture>,
  { encoderId, dataName, date, leftOut }: CalibrationSource,
): CalibrationResult {
  const samples: KnownSample[] = pictures.flatMap(({ path, person }) => {
    const picture = encoded.get(path);
    return picture?.outcome === 'encoded' ? [{ person, embedding: picture.embedding }] : [];
  });
  const dimension = samples[0]?.embedding.length;
  if (dimension === undefined) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `no face could be encoded in ${pictures.length} pictures`,
      remedy: 'Give pictures with one visible face each.',
    });
  }
  const comparisons = allComparisons(samples);
  const curve = calibrationCurve(comparisons);
  const calibration: Calibration = {
    schemaVersion: CALIBRATION_SCHEMA_VERSION,
    modelId: encoderId,
    dimension,
    date,
    data: {
      name: dataName,
      subjects: comparisons.people,
      samples: samples.length,
      matedTrials: comparisons.mated.similarity.length,
      nonMatedTrials: comparisons.nonMated.similarity.length,
    },
    direction: 'higher-is-more-alike',
    points: curve.points.map(({ exactInterval, subjectInterval, ...point }) => rounded(point)),
    claims: claims(comparisons, curve, { leftOut, notAcquired: pictures.length - samples.length }),
  };
  return { calibration, curve, notAcquired: pictures.length - samples.length };
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
    'The people are press photographs of public figures: neither close relatives nor the light, camera and people of a particular door are represented.',
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

/** @throws PORTICO_EVALUATION_DATA for a name that is not in the list: a slip would leave the error in */
function withoutMislabelled(
  pictures: readonly LabelledPicture[],
  mislabelled: readonly string[],
): readonly LabelledPicture[] {
  const unknown = mislabelled.find((name) => pictures.every(({ path }) => path !== name));
  if (unknown !== undefined) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `${unknown} is to be left out, but it is not in the list`,
      remedy: 'Write it as the list does.',
    });
  }
  return pictures.filter(({ path }) => !mislabelled.includes(path));
}
