import { MESH_POINTS } from '../domain/face.ts';
import { monotonicMs } from '../domain/units.ts';
import type { KeyFrame } from '../liveness/key-frame.ts';
import { KeyFrameSampler } from '../liveness/key-frame-sampler.ts';
import type { LivenessSample } from '../liveness/liveness-sample.ts';
import { PAD_FRAMES_PER_SECOND, type PadFrame, type PadTrack } from './pad-tracks.ts';

/** The samples that the liveness stage would have been given; time starts at the track's first frame. */
export function padSamples(track: PadTrack): readonly LivenessSample[] {
  const first = track.frames[0]?.frame ?? 0;
  return track.frames.map((frame) => sampleOf(frame, frame.frame - first));
}

/** The key frames of a track that goes on without a break. */
export function padKeyFrames(track: PadTrack, cadenceMs: number): readonly KeyFrame[] {
  const sampler = new KeyFrameSampler(cadenceMs);
  return padSamples(track).flatMap((sample) => sampler.take(sample) ?? []);
}

function sampleOf({ box, score, pad, mesh }: PadFrame, frames: number): LivenessSample {
  const points = new Float32Array(3 * MESH_POINTS);
  for (const [index, [x, y]] of mesh.entries()) {
    points[3 * index] = x;
    points[3 * index + 1] = y;
  }
  const [left, top, right, bottom] = box;
  return {
    capturedAtMs: monotonicMs((1000 * frames) / PAD_FRAMES_PER_SECOND),
    trackId: 1,
    mesh: points,
    box: { xPx: left, yPx: top, widthPx: right - left, heightPx: bottom - top },
    detectorScore: score,
    passive: { tight: pad.bgr2, wide: pad['bgr2.7'], antispoof: pad.antispoof },
  };
}
