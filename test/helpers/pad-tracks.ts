import type { PadTrack } from '../../src/evaluation/pad-tracks.ts';
import { seededRandom } from '../../src/numeric/random.ts';
import {
  LIFELESS,
  LIVELY,
  type Presentation,
  presentedMesh,
  withNoise,
} from './synthetic-faces.ts';

export interface SyntheticClip {
  readonly clip: string;
  readonly person: string;
  readonly species: string;
  readonly seed: number;
  /** Source frames, of 25 a second, between two measured ones. */
  readonly step?: number;
  readonly frames?: number;
}

/** A clip of a head that turns and blinks, or of a flat picture that is held in a hand. */
export function syntheticTrack(clip: SyntheticClip): PadTrack {
  const { species, seed, step = 19, frames = 14 } = clip;
  const random = seededRandom(seed);
  const isBonaFide = species === 'bona-fide';
  const presentation: Presentation = isBonaFide ? 'head' : 'flat-picture';
  const scores = isBonaFide ? LIVELY : LIFELESS;
  const pace = 0.5 + random();
  return {
    clip: clip.clip,
    person: clip.person,
    label: isBonaFide ? 'bona-fide' : 'attack',
    species,
    frames: Array.from({ length: frames }, (_, index) => {
      const mesh = withNoise(
        presentedMesh(presentation, {
          yawDeg: 6 * Math.sin(pace * index),
          eyeRatio: isBonaFide && random() < 0.2 ? 0.15 : 0.3,
        }),
        0.2,
        random,
      );
      const doubt = 0.02 * random();
      return {
        frame: 7 + index * step,
        score: 0.9,
        box: [100, 40, 220, 200] as const,
        pad: {
          bgr2: [scores.tight[0] - doubt / 2, scores.tight[1] - doubt / 2, doubt] as const,
          'bgr2.7': [scores.wide[0] - doubt / 2, scores.wide[1] - doubt / 2, doubt] as const,
          antispoof: (scores.antispoof ?? 0.5) - doubt,
        },
        mesh: Array.from({ length: 468 }, (_, at) => [mesh[3 * at]!, mesh[3 * at + 1]!] as const),
      };
    }),
  };
}

export const syntheticTracks = (people: number, species: readonly string[]): readonly PadTrack[] =>
  Array.from({ length: people }, (_, person) =>
    ['bona-fide', ...species].flatMap((kind, at) =>
      [0, 1].map((index) =>
        syntheticTrack({
          clip: `${person}-${kind}-${index}`,
          person: `person-${person}`,
          species: kind,
          seed: 100 * person + 10 * at + index,
        }),
      ),
    ),
  ).flat();
