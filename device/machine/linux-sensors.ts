import { readdir, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { MachineReading, MachineSensors } from '../../src/domain/ports/machine-sensors.ts';
import { TimeService } from './time-service.ts';

export interface LinuxSensorsOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** The folder whose file system must have room. */
  readonly storeFolder: string;
  /** Where the kernel shows its thermal zones and cooling devices. */
  readonly thermalFolder?: string;
  readonly timeService?: Pick<TimeService, 'isSynchronised'>;
}

/** Cooling devices that slow the processor; fans are cooling devices too. */
const SLOWS_DOWN = /cpufreq|processor|gpu|devfreq/i;
/** A sensor outside of this is not connected. */
const PLAUSIBLE_C = { least: -40, most: 150 };

/** Reads /sys/class/thermal and the file system of the store. */
export class LinuxSensors implements MachineSensors {
  readonly #storeFolder: string;
  readonly #thermalFolder: string;
  readonly #timeService: Pick<TimeService, 'isSynchronised'>;

  constructor(options: LinuxSensorsOptions) {
    this.#storeFolder = options.storeFolder;
    this.#thermalFolder = options.thermalFolder ?? '/sys/class/thermal';
    this.#timeService = options.timeService ?? new TimeService({ clock: options.clock });
  }

  async read(): Promise<MachineReading> {
    const names = await readdir(this.#thermalFolder).catch(() => []);
    const zones = names.filter((name) => name.startsWith('thermal_zone'));
    const coolers = names.filter((name) => name.startsWith('cooling_device'));
    return {
      hottestC: await this.#hottestC(zones),
      isThrottled: await this.#isThrottled(coolers),
      freeBytes: await this.#freeBytes(),
      isClockSynchronised: await this.#timeService.isSynchronised(),
    };
  }

  async #hottestC(zones: readonly string[]): Promise<number | undefined> {
    const readings = await Promise.all(zones.map((zone) => this.#number(zone, 'temp')));
    const { least, most } = PLAUSIBLE_C;
    const plausible = readings
      .map((milliC) => (milliC ?? Number.NaN) / 1_000)
      .filter((degrees) => degrees > least && degrees < most);
    return plausible.length === 0 ? undefined : Math.max(...plausible);
  }

  async #isThrottled(coolers: readonly string[]): Promise<boolean | undefined> {
    const states = await Promise.all(
      coolers.map(async (cooler) =>
        SLOWS_DOWN.test(await this.#text(cooler, 'type'))
          ? this.#number(cooler, 'cur_state')
          : undefined,
      ),
    );
    const known = states.filter((state) => state !== undefined);
    return known.length === 0 ? undefined : known.some((state) => state > 0);
  }

  async #freeBytes(): Promise<number | undefined> {
    try {
      const { bavail, bsize } = await statfs(this.#storeFolder);
      return bavail * bsize;
    } catch {
      return undefined;
    }
  }

  async #number(device: string, file: string): Promise<number | undefined> {
    const text = await this.#text(device, file);
    const value = Number(text);
    return text === '' || !Number.isFinite(value) ? undefined : value;
  }

  /** Empty when it cannot be read: zones of parts that are switched off answer with an error. */
  async #text(device: string, file: string): Promise<string> {
    return await readFile(join(this.#thermalFolder, device, file), 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  }
}
