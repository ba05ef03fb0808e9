import type { ChallengeOrder } from '../domain/challenge.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { FrameSize } from '../domain/frame.ts';
import type { Observation } from '../domain/observation.ts';
import type { RungReport } from '../inference/providers.ts';
import type { SlotFrame } from './frame-slots.ts';
import type { VisionOptions } from './vision-options.ts';

/** What a vision worker is started with. */
export interface VisionSetup {
  readonly options: VisionOptions;
  readonly size: FrameSize;
  /** The slots' memory, see `FrameSlots`. */
  readonly buffers: readonly SharedArrayBuffer[];
}

/**
 * Main thread to worker: look at the frame in this slot; ask for a challenge from the next frame on; or
 * finish what runs, let go of the models and end.
 */
export type VisionRequest =
  | { readonly kind: 'observe'; readonly frame: SlotFrame }
  | { readonly kind: 'ask'; readonly order: ChallengeOrder }
  | { readonly kind: 'stop' };

/** A `PorticoError` on its way between threads. */
export interface FaultRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
}

/** Worker to main thread. */
export type VisionReply =
  | { readonly kind: 'ready'; readonly ladder: readonly RungReport[] }
  | { readonly kind: 'observation'; readonly observation: Observation }
  | { readonly kind: 'fault'; readonly fault: FaultRecord };
