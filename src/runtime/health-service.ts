import type { Config } from '../config/schema.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { MachineSensors } from '../domain/ports/machine-sensors.ts';
import { type HealthServer, startHealthServer } from '../health/health-server.ts';
import { MachineMonitor } from '../health/machine-monitor.ts';
import { asFault } from './as-fault.ts';
import type { Gate } from './gate.ts';
import type { Vitals } from './vitals.ts';

export interface HealthServiceParts {
  readonly gate: Pick<Gate, 'faults' | 'site'>;
  readonly vitals: Vitals;
  readonly config: Config;
  readonly sensors: MachineSensors;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MEBIBYTE = 1_048_576;
/** A board that comes up with its network is given its time in this. */
const UNSET_CLOCK_AFTER_MS = 900_000;

/** What looks after a running gate: room, heat, metrics and status. None of it can stop the gate. */
export class HealthService {
  readonly #monitor: MachineMonitor;
  readonly #server: HealthServer | undefined;

  private constructor(monitor: MachineMonitor, server: HealthServer | undefined) {
    this.#monitor = monitor;
    this.#server = server;
  }

  /** Undefined when it is switched off, or its port is taken. */
  get url(): string | undefined {
    return this.#server?.url;
  }

  static async start(parts: HealthServiceParts): Promise<HealthService> {
    const { gate, vitals, config, sensors, clock } = parts;
    const { minimumFreeMiB, maximumTemperatureC, timeService } = config.health;
    vitals.follow(gate);
    const monitor = new MachineMonitor({
      clock,
      sensors,
      limits: {
        leastFreeBytes: minimumFreeMiB * MEBIBYTE,
        hottestC: maximumTemperatureC,
        unsetClockAfterMs: timeService === 'expected' ? UNSET_CLOCK_AFTER_MS : undefined,
      },
      faults: gate.faults,
      onReading: (reading) => vitals.noteReading(reading),
    });
    void monitor.start();
    return new HealthService(monitor, await openServer(parts));
  }

  async close(): Promise<void> {
    this.#monitor.close();
    await this.#server?.close();
  }
}

async function openServer({
  gate,
  vitals,
  config,
  logger,
}: HealthServiceParts): Promise<HealthServer | undefined> {
  const { enabled, host, port } = config.health;
  if (!enabled) return undefined;
  try {
    const report = (): ReturnType<Vitals['report']> => vitals.report();
    const server = await startHealthServer({ host, port, metrics: vitals.metrics, report });
    logger.info({ event: 'health.served', url: server.url }, 'metrics and status are served');
    return server;
  } catch (error) {
    gate.faults.raise(asFault(error));
    return undefined;
  }
}
