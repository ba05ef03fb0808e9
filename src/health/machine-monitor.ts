import { type ErrorCode, PorticoError } from '../domain/errors.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { MachineReading, MachineSensors } from '../domain/ports/machine-sensors.ts';
import type { MonotonicMs } from '../domain/units.ts';

export interface MachineLimits {
  /** Less room than this for the store is a fault, bytes. */
  readonly leastFreeBytes: number;
  /** Hotter than this is a fault, degrees Celsius. */
  readonly hottestC: number;
  /** A clock that nobody has set for this long is a fault; undefined: this site has no time service. */
  readonly unsetClockAfterMs: number | undefined;
}

export interface FaultReporter {
  raise(fault: PorticoError): void;
  clear(code: ErrorCode): void;
}

export interface MachineMonitorParts {
  readonly clock: Clock;
  readonly sensors: MachineSensors;
  readonly limits: MachineLimits;
  readonly faults: FaultReporter;
  readonly onReading: (reading: MachineReading) => void;
}

const READ_EVERY_MS = 15_000;
/** A fault ends only well inside the limit, so that it does not come and go with every reading. */
const COOLER_BY_C = 5;
const ROOMIER_BY = 1.25;
const MEBIBYTE = 1_048_576;

/** Watches room and heat. What it finds is reported; the door goes on as long as the store takes events. */
export class MachineMonitor {
  readonly #parts: MachineMonitorParts;
  #cancel: Cancel = () => undefined;
  #isReading = false;
  #isClosed = false;
  #unsetSinceMs: MonotonicMs | undefined;

  constructor(parts: MachineMonitorParts) {
    this.#parts = parts;
  }

  /** Resolves after the first reading. */
  async start(): Promise<void> {
    this.#cancel = this.#parts.clock.every(READ_EVERY_MS, () => void this.#read());
    await this.#read();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  async #read(): Promise<void> {
    // A file system that hangs answers late; one question to it at a time is enough.
    if (this.#isReading) return;
    this.#isReading = true;
    const reading = await this.#parts.sensors.read();
    this.#isReading = false;
    if (this.#isClosed) return;
    this.#parts.onReading(reading);
    this.#judgeRoom(reading.freeBytes);
    this.#judgeHeat(reading.hottestC);
    this.#judgeClock(reading.isClockSynchronised);
  }

  #judgeRoom(freeBytes: number | undefined): void {
    const { faults, limits } = this.#parts;
    if (freeBytes === undefined) return;
    if (freeBytes < limits.leastFreeBytes) faults.raise(nearlyFull(freeBytes));
    else if (freeBytes >= limits.leastFreeBytes * ROOMIER_BY)
      faults.clear('PORTICO_DISK_NEARLY_FULL');
  }

  #judgeHeat(hottestC: number | undefined): void {
    const { faults, limits } = this.#parts;
    if (hottestC === undefined) return;
    if (hottestC > limits.hottestC) faults.raise(tooHot(hottestC));
    else if (hottestC <= limits.hottestC - COOLER_BY_C) faults.clear('PORTICO_TOO_HOT');
  }

  #judgeClock(isSet: boolean | undefined): void {
    const { faults, limits, clock } = this.#parts;
    if (isSet === true) {
      this.#unsetSinceMs = undefined;
      faults.clear('PORTICO_CLOCK_UNSYNCHRONISED');
    }
    if (isSet !== false || limits.unsetClockAfterMs === undefined) return;
    this.#unsetSinceMs ??= clock.now();
    if (clock.now() - this.#unsetSinceMs >= limits.unsetClockAfterMs) faults.raise(unsetClock());
  }
}

const unsetClock = (): PorticoError =>
  new PorticoError('PORTICO_CLOCK_UNSYNCHRONISED', {
    message: 'no time service has set the clock since the machine was switched on',
    remedy:
      'Check the network and the time service; for a site without one set health.timeService to "none".',
  });

const nearlyFull = (freeBytes: number): PorticoError =>
  new PorticoError('PORTICO_DISK_NEARLY_FULL', {
    message: `the store's disk has ${Math.floor(freeBytes / MEBIBYTE)} MiB left`,
    remedy: 'Make room; when the store cannot write, the door stays shut.',
    context: { freeBytes },
  });

const tooHot = (degrees: number): PorticoError =>
  new PorticoError('PORTICO_TOO_HOT', {
    message: `the machine has ${degrees.toFixed(0)} degrees Celsius inside`,
    remedy:
      'Check fan, vents, sun and power mode; the kernel slows the processor, then switches it off.',
    context: { degrees },
  });
