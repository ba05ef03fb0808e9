import { MESH_POINTS } from '../domain/face.ts';
import type { MonotonicMs } from '../domain/units.ts';
import { faceShape } from './face-shape.ts';
import type { KeyFrame } from './key-frame.ts';
import type { LivenessSample } from './liveness-sample.ts';
import { MotionMeter } from './motion-meter.ts';
import { PassiveMean } from './passive-mean.ts';
import { MarkMean } from './pixel-cues/mark-mean.ts';
import { PixelEvidenceMeter } from './pixel-cues/pixel-evidence.ts';

/** Looking at pixels costs 2 ms a frame. The marks were fitted on 8 to 25 frames a second: more than 13 tell no more. */
const MARKS_EVERY_MS = 75;

/**
 * Takes key frames from one track at a fixed cadence, whatever the camera's rate: motion between frames
 * grows with the time between them, so weights fitted at one cadence hold at no other.
 */
export class KeyFrameSampler {
  readonly #cadenceMs: number;
  readonly #meter = new MotionMeter();
  readonly #passive = new PassiveMean();
  readonly #pixels = new PixelEvidenceMeter();
  readonly #marks = new MarkMean();
  #before: KeyFrame | undefined;
  #dueAtMs = Number.NEGATIVE_INFINITY;
  #marksDueAtMs = Number.NEGATIVE_INFINITY;

  constructor(cadenceMs: number) {
    this.#cadenceMs = cadenceMs;
  }

  /** Whether a frame of this moment would become a key frame: the one to run the passive networks on. */
  isDue(atMs: MonotonicMs): boolean {
    return atMs >= this.#dueAtMs;
  }

  /** @returns the key frame, if this sample is one; a mesh that is no face gives none */
  take(sample: LivenessSample): KeyFrame | undefined {
    const { capturedAtMs, mesh, passive, picture } = sample;
    if (passive !== undefined) this.#passive.add(passive);
    if (picture !== undefined && capturedAtMs >= this.#marksDueAtMs) {
      this.#marksDueAtMs = capturedAtMs + MARKS_EVERY_MS;
      const pixels = this.#pixels.observe(picture, mesh, capturedAtMs);
      if (pixels !== undefined) this.#marks.add(pixels);
    }
    if (!this.isDue(capturedAtMs)) return undefined;
    const points = planePoints(mesh);
    const shape = faceShape(points);
    if (!Object.values(shape).every(Number.isFinite)) return undefined;
    const before = this.#before;
    const keyFrame: KeyFrame = {
      capturedAtMs,
      points,
      shape,
      passive: this.#passive.take(),
      marks: this.#marks.take(),
      motion:
        before === undefined
          ? undefined
          : this.#meter.measure(
              before.points,
              points,
              Math.sqrt(before.shape.interEyePx * shape.interEyePx),
            ),
    };
    this.#before = keyFrame;
    this.#dueAtMs = this.#nextDue(capturedAtMs);
    return keyFrame;
  }

  reset(): void {
    this.#before = undefined;
    this.#dueAtMs = Number.NEGATIVE_INFINITY;
    this.#passive.reset();
    this.#pixels.reset();
    this.#marks.reset();
    this.#marksDueAtMs = Number.NEGATIVE_INFINITY;
  }

  /** On a grid from the first key frame, so that late frames do not stretch the mean cadence. */
  #nextDue(atMs: MonotonicMs): number {
    if (!Number.isFinite(this.#dueAtMs)) return atMs + this.#cadenceMs;
    const steps = Math.floor((atMs - this.#dueAtMs) / this.#cadenceMs) + 1;
    return this.#dueAtMs + steps * this.#cadenceMs;
  }
}

function planePoints(mesh: Float32Array): Float64Array {
  const points = new Float64Array(2 * MESH_POINTS);
  for (let index = 0; index < MESH_POINTS; index += 1) {
    points[2 * index] = mesh[3 * index] ?? Number.NaN;
    points[2 * index + 1] = mesh[3 * index + 1] ?? Number.NaN;
  }
  return points;
}
