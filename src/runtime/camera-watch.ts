import type { GateHealth } from '../decision/evidence.ts';
import type { PorticoError } from '../domain/errors.ts';
import type { Camera } from '../domain/ports/camera.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { FrameSlots } from '../vision/frame-slots.ts';
import { asFault } from './as-fault.ts';
import type { FaultBoard } from './fault-board.ts';

export interface CameraWatchParts {
  readonly camera: Camera;
  readonly slots: FrameSlots;
  readonly clock: Clock;
  readonly faults: FaultBoard;
  readonly onFrame: () => void;
  /** Nothing usable comes: whatever was gathered must not count any more. */
  readonly onFault: () => void;
}

/** A camera that could not be opened is tried again this often. */
const RETRY_MS = 5_000;

/** Keeps the camera open and knows whether it delivers; one that is not there yet is a fault that heals. */
export class CameraWatch {
  readonly #parts: CameraWatchParts;
  #health: NonNullable<GateHealth['camera']> = 'fault';
  #isClosed = false;
  #cancelRetry: Cancel = () => undefined;
  #unsubscribe: () => void = () => undefined;

  constructor(parts: CameraWatchParts) {
    this.#parts = parts;
  }

  get health(): NonNullable<GateHealth['camera']> {
    return this.#health;
  }

  /** Never rejects. */
  async open(): Promise<void> {
    const { slots, onFrame } = this.#parts;
    this.#unsubscribe = slots.subscribe({
      onFrame,
      onCameraFault: (fault) => this.#failed(fault),
      onCameraRecovery: () => this.#recovered(),
    });
    await this.#try();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry();
    this.#unsubscribe();
    await this.#parts.camera.close();
  }

  async #try(): Promise<void> {
    const { camera, slots, clock } = this.#parts;
    try {
      await camera.open(slots);
      this.#recovered();
    } catch (error) {
      if (this.#isClosed) return;
      this.#failed(asFault(error));
      this.#cancelRetry = clock.after(RETRY_MS, () => void this.#try());
    }
  }

  #failed(fault: PorticoError): void {
    this.#health = 'fault';
    this.#parts.faults.raise(fault);
    this.#parts.onFault();
  }

  #recovered(): void {
    this.#health = 'delivering';
    this.#parts.faults.clear(
      'PORTICO_CAMERA_UNAVAILABLE',
      'PORTICO_CAMERA_STALLED',
      'PORTICO_CAMERA_FROZEN',
      'PORTICO_CAMERA_BLACK',
    );
  }
}
