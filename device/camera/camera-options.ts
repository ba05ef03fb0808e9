import type { FrameSize } from '../../src/domain/frame.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Logger } from '../../src/domain/ports/logger.ts';
import type { PictureHealthLimits } from './picture-health.ts';
import type { SupervisionLimits } from './supervised-camera.ts';

export interface CameraOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What the gate works on; every driver scales to it without distortion. Width a multiple of 4. */
  readonly size: FrameSize;
  /** Folders with the camera programs, separated by colons. */
  readonly searchPath?: string;
  readonly limits?: Partial<SupervisionLimits>;
  readonly health?: Partial<PictureHealthLimits>;
  /** Loads an optional package by name; replaced in tests. */
  readonly importPackage?: (name: string) => Promise<unknown>;
}
