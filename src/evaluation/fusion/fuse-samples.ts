import type { FusionPart } from '../../domain/encoder-fusion.ts';
import { EvaluationError } from '../../domain/errors.ts';
import { fuseVectors } from '../../numeric/fuse-vectors.ts';
import { allComparisons, type KnownSample } from '../all-comparisons.ts';
import { fitFusion } from './fit-fusion.ts';

/** Pictures as one encoder sees them. */
export interface PartSamples {
  readonly modelId: string;
  /** The same pictures in the same order for each part. */
  readonly samples: readonly KnownSample[];
}

/** What is calibrated as one encoder. */
export interface EncoderSamples {
  readonly samples: readonly KnownSample[];
  /** Absent: of one encoder alone. */
  readonly fusion?: readonly FusionPart[];
}

/**
 * One encoder's samples as they are; those of two fused.
 * @param known  weights to keep; absent: they are fitted on these samples
 * @throws PORTICO_EVALUATION_DATA for more than two
 */
export function fuseSamples(
  parts: readonly PartSamples[],
  known?: readonly FusionPart[],
): EncoderSamples {
  const [first, second, ...more] = parts;
  if (first === undefined || more.length > 0) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `${parts.length} encoders cannot be fused`,
      remedy: 'Name two, as in a+b.',
    });
  }
  if (second === undefined) return { samples: first.samples };
  const compared = ({ modelId, samples }: PartSamples) => ({
    modelId,
    comparisons: allComparisons(samples),
  });
  const fusion = known ?? fitFusion([compared(first), compared(second)]);
  const weights = fusion.map(({ weight }) => weight);
  const samples = first.samples.map(({ person, embedding }, index) => {
    const other = second.samples[index]?.embedding ?? new Float32Array();
    return { person, embedding: fuseVectors([embedding, other], weights) };
  });
  return { samples, fusion };
}
