import { CUE_NAMES, HORIZONS, type PadExample } from '../../src/evaluation/pad-examples.ts';
import { seededRandom } from '../../src/numeric/random.ts';

export interface DrawnClips {
  readonly people: number;
  readonly clipsPerKind: number;
  readonly species: readonly string[];
  /** How far attacks lie from bona fide clips in the first cues, in standard deviations. */
  readonly apart: number;
  readonly seed: number;
}

/** Clips whose cues are drawn, not measured: cheap, and with a truth that is known. */
export function drawnExamples({ people, clipsPerKind, species, apart, seed }: DrawnClips) {
  const random = seededRandom(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const clip = (person: number, kind: string, index: number): PadExample => {
    const shift = kind === 'bona-fide' ? 0 : -apart;
    const windows = new Map(
      HORIZONS.map((samples): [number, readonly Float64Array[]] => [
        samples,
        [CUE_NAMES.map((_, cue) => normal() + (cue < 4 ? shift : 0))].map((row) =>
          Float64Array.from(row),
        ),
      ]),
    );
    return {
      clip: `${person}-${kind}-${index}`,
      person: `person-${person}`,
      species: kind,
      keyFrameTimesMs: Array.from({ length: 13 }, (_, frame) => 750 * frame),
      windows,
    };
  };
  return Array.from({ length: people }, (_, person) =>
    ['bona-fide', ...species].flatMap((kind) =>
      Array.from({ length: clipsPerKind }, (_, index) => clip(person, kind, index)),
    ),
  ).flat();
}
