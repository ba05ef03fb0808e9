import type { FrameSize } from '../../src/domain/frame.ts';
import type { Camera, FrameSink } from '../../src/domain/ports/camera.ts';
import type { Cancel, Clock } from '../../src/domain/ports/clock.ts';
import { type ScenePlacement, SceneRenderer } from './scene-renderer.ts';

/** Who stands where, `elapsedMs` after the scene was set. */
export type SceneScript = (elapsedMs: number) => readonly ScenePlacement[];

export interface SceneCameraOptions {
  readonly size: FrameSize;
  readonly framesPerSecond: number;
  readonly clock: Clock;
  readonly random: () => number;
}

const EMPTY: SceneScript = () => [];

/** A camera that looks at a scripted scene: for the demonstration and for tests of the whole gate. */
export class SceneCamera implements Camera {
  readonly description: string;
  readonly size: FrameSize;
  readonly #options: SceneCameraOptions;
  readonly #renderer: SceneRenderer;
  #script = EMPTY;
  #sceneStartedAtMs: number;
  #phase = 0;
  #cancel: Cancel | undefined;

  constructor(options: SceneCameraOptions) {
    this.#options = options;
    this.size = options.size;
    this.description = `scripted scene, ${options.size.widthPx}x${options.size.heightPx} at ${options.framesPerSecond}/s`;
    this.#renderer = new SceneRenderer(options.size, options.random);
    this.#sceneStartedAtMs = options.clock.now();
  }

  /** Changes what the camera sees, from the next frame on. */
  play(script: SceneScript): void {
    this.#script = script;
    this.#sceneStartedAtMs = this.#options.clock.now();
  }

  open(sink: FrameSink): Promise<void> {
    const { clock, framesPerSecond } = this.#options;
    this.#draw(sink);
    this.#cancel = clock.every(1000 / framesPerSecond, () => this.#draw(sink));
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#script = EMPTY;
    return Promise.resolve();
  }

  #draw(sink: FrameSink): void {
    const { clock } = this.#options;
    const placements = this.#script(clock.now() - this.#sceneStartedAtMs);
    this.#renderer.render(sink.beginFrame(), placements, this.#phase);
    this.#phase += 1;
    sink.commitFrame(clock.now());
  }
}
