import { type Box, type FaceMesh, MESH_POINTS } from '../domain/face.ts';
import type { PassiveScores } from '../liveness/liveness-sample.ts';
import type { PadFrame, PadTrack } from './pad-tracks.ts';
import { BONA_FIDE } from './presentation-attack-rates.ts';

/** What the vision stages say of one frame of a clip. */
export interface AnalysedFrame {
  /** Number of the frame in its clip, at 25 frames a second. */
  readonly frame: number;
  readonly detectorScore: number;
  /** The detector's box. */
  readonly box: Box;
  readonly mesh: FaceMesh;
  /** On crops at 2.0 and 2.7 times the box, raised by a fifth of its height. */
  readonly passive: PassiveScores & { readonly antispoof: number };
}

/** A clip in the format of a tracks file, from its analysed frames: what a folder of frames becomes. */
export function padTrack(
  clip: { readonly clip: string; readonly person: string; readonly species: string },
  frames: readonly AnalysedFrame[],
): PadTrack {
  return {
    ...clip,
    label: clip.species === BONA_FIDE ? 'bona-fide' : 'attack',
    frames: frames.map(padFrame),
  };
}

function padFrame({ frame, detectorScore, box, mesh, passive }: AnalysedFrame): PadFrame {
  const { xPx, yPx, widthPx, heightPx } = box;
  return {
    frame,
    score: detectorScore,
    box: [xPx, yPx, xPx + widthPx, yPx + heightPx],
    pad: { bgr2: passive.tight, 'bgr2.7': passive.wide, antispoof: passive.antispoof },
    mesh: Array.from({ length: MESH_POINTS }, (_, index): readonly [number, number] => [
      mesh.points[3 * index] ?? Number.NaN,
      mesh.points[3 * index + 1] ?? Number.NaN,
    ]),
  };
}
