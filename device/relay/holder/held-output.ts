/**
 * What a holder process drives. Every method ends within a second by itself; `off` may be called at
 * any time and overtakes an `on` that is still under way.
 */
export interface HeldOutput {
  /** True when `on` and `off` resolve only after the hardware has taken the level. */
  readonly confirmsLevel: boolean;
  /** True when the hardware side ends a pulse without being told to. */
  readonly endsPulseItself: boolean;
  /** Finds the hardware, as it is called now, and drives it off. */
  open(): Promise<void>;
  /** Energises for `durationMs`. */
  on(durationMs: number): Promise<void>;
  off(): Promise<void>;
  /** Lets go of the hardware; `off` has been called before. */
  close(): Promise<void>;
  /** The output is no longer held at the level that was asked for. */
  onLost(listener: (detail: string) => void): void;
  /** The hardware side has ended a pulse as it should. */
  onEnded(listener: () => void): void;
}
