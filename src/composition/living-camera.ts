import type { FrameSize } from '../domain/frame.ts';
import type { Camera, FrameSink } from '../domain/ports/camera.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import { blankCanvas, type Canvas } from '../numeric/paint-triangles.ts';
import { seededRandom } from '../numeric/random.ts';
import type { Scene } from '../synthesis/scene.ts';
import { Sensor } from '../synthesis/sensor.ts';

/** Painting a frame takes some ten milliseconds of the thread that the gate runs on. */
const FRAMES_PER_SECOND = 10;
const SENSOR_SEED = 3;

/** A camera that looks at a generated scene in real time: for the demonstration of liveness. */
export class LivingCamera implements Camera {
  readonly description: string;
  readonly size: FrameSize;
  readonly #clock: Clock;
  readonly #canvas: Canvas;
  readonly #sensor = new Sensor(seededRandom(SENSOR_SEED), SENSOR_SEED);
  #scene: Scene;
  #beganAtMs: number;
  #frames = 0;
  #cancel: Cancel | undefined;

  constructor(size: FrameSize, clock: Clock, scene: Scene) {
    this.size = size;
    this.description = `generated scene, ${size.widthPx}x${size.heightPx} at ${FRAMES_PER_SECOND}/s`;
    this.#clock = clock;
    this.#canvas = blankCanvas(size.widthPx, size.heightPx);
    this.#scene = scene;
    this.#beganAtMs = clock.now();
  }

  /** Of the scene that plays. */
  get seconds(): number {
    return (this.#clock.now() - this.#beganAtMs) / 1_000;
  }

  /** Changes what the camera sees, from the next frame on. */
  play(scene: Scene): void {
    this.#scene = scene;
    this.#beganAtMs = this.#clock.now();
  }

  open(sink: FrameSink): Promise<void> {
    this.#draw(sink);
    this.#cancel = this.#clock.every(1_000 / FRAMES_PER_SECOND, () => this.#draw(sink));
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    return Promise.resolve();
  }

  #draw(sink: FrameSink): void {
    const { seconds } = this;
    this.#scene.paint(this.#canvas, seconds, this.#frames);
    this.#sensor.expose(this.#canvas, sink.beginFrame(), this.#frames, seconds);
    sink.commitFrame(this.#clock.now());
    this.#frames += 1;
  }
}
