export type RelayState = 'released' | 'energised' | 'unknown';

/**
 * The output that moves the strike. This interface is the security boundary: only src/access, the
 * composition root and the drivers may import this file.
 * Contract: released after `open`, after `close`, and after any failed call; a pulse ends by itself
 * even if this process dies; pulses do not stack: a second pulse while energised is refused with
 * PORTICO_RELAY_REFUSED; a duration above `maxPulseMs` is refused, never shortened silently.
 */
export interface Relay {
  readonly description: string;
  readonly maxPulseMs: number;
  /** Resolves when the output is confirmed energised; the driver or its hardware ends the pulse. */
  pulse(durationMs: number): Promise<void>;
  /** Releases now; resolves when that is confirmed. */
  release(): Promise<void>;
  /** What the output is known to be; 'unknown' when the driver cannot tell. */
  state(): Promise<RelayState>;
  /** Called on every change that the driver learns of, its own pulses included. */
  onChange(listener: (state: RelayState) => void): void;
  /** Idempotent; releases first. */
  close(): Promise<void>;
}
