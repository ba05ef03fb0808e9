/** What a supervisor leaves in the environment of its service. */
export interface SupervisorEnvironment {
  readonly NOTIFY_SOCKET?: string | undefined;
  readonly WATCHDOG_USEC?: string | undefined;
}

/**
 * The supervisor above the gate, as far as the gate can speak to it. Speaking never throws and never
 * waits: a supervisor that cannot be reached restarts the gate, which is what it is for.
 */
export interface Watchdog {
  /** For people: who listens, and by which way. */
  readonly description: string;
  /** How often a sign of life is wanted, ms; undefined: nobody waits for one. */
  readonly signEveryMs: number | undefined;
  /** The gate can do its work, or has decided to run without a part of it. */
  ready(status: string): void;
  /** One line that says how things are. */
  status(text: string): void;
  /** The sign of life. */
  ping(): void;
  /** The start, or the stop, takes longer: wait this many ms more, counted from now. */
  extend(byMs: number): void;
  stopping(status: string): void;
  /** Idempotent; what was said before is delivered first. */
  close(): Promise<void>;
}
