/** How the machine under the gate is. */
export interface MachineReading {
  /** The hottest sensor, degrees Celsius; undefined where there is none. */
  readonly hottestC: number | undefined;
  /** The processor is slowed down for its heat; undefined where the kernel does not say. */
  readonly isThrottled: boolean | undefined;
  /** Room for the store's next writes, bytes. */
  readonly freeBytes: number | undefined;
  /** A time service has set the clock since the machine was switched on; undefined where nobody can say. */
  readonly isClockSynchronised?: boolean | undefined;
}

/** Contract: never rejects; what cannot be read is undefined. */
export interface MachineSensors {
  read(): Promise<MachineReading>;
}
