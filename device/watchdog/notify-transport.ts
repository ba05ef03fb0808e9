/** One way to send a message to the supervisor's socket. Never throws, never waits. */
export interface NotifyTransport {
  readonly description: string;
  /** @param assignments  such as `WATCHDOG=1`, one per line of the message, without line breaks */
  send(assignments: readonly string[]): void;
  /** Delivers what was sent, then ends; idempotent. */
  close(): Promise<void>;
}
