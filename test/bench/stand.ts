import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Machine, type MachineParts, writerLog } from './machine.ts';
import { copyDisk, unpackDisk } from './state-disk.ts';
import { StoreWitness } from './store-witness.ts';
import { type Scene, Timeline } from './timeline.ts';
import type { SceneName } from './write-scenes.ts';

/** The configured pulse, and what the observer's looks may add to it. */
const PULSE_S = 3;
const LONGEST_PULSE_S = PULSE_S + 0.5;

const VISIT_WITHIN_S = 60;
const BOOT_WITHIN_S = 300;

export const isWorking = ({ gate }: Scene): boolean =>
  gate?.condition === 'working' && gate.faults.length === 0;
export const isDown = ({ gate }: Scene): boolean => gate === null;
export const says =
  (...codes: readonly string[]) =>
  ({ gate }: Scene): boolean =>
    codes.some((code) => gate?.faults.includes(code) === true);

/** The state's disk as of one moment, and what had been heard of the machine by then. */
export interface Cut {
  readonly heardBytes: number;
  readonly strike: Scene['strike'];
  /** How many people the gate said that it has let in since it started. */
  readonly granted: number;
  /** Replays the journal and takes everything out. @returns the folder, which is the caller's to delete */
  readonly unpack: () => Promise<string>;
}

/** A machine with an installed gate, its camera and its strike; what drills act on. */
export class Stand {
  readonly timeline = new Timeline();
  readonly pulseS = PULSE_S;
  readonly witness: StoreWitness;
  readonly #parts: Omit<MachineParts, 'onObserved'>;
  #machine: Machine | undefined;

  constructor(parts: Omit<MachineParts, 'onObserved'>) {
    this.#parts = parts;
    rmSync(writerLog(parts), { force: true });
    this.witness = new StoreWitness(writerLog(parts));
  }

  get machine(): Machine {
    if (this.#machine === undefined) throw new Error('the machine is off');
    return this.#machine;
  }

  async powerOn(): Promise<void> {
    this.timeline.restart();
    const onObserved = (line: string): void => this.timeline.accept(line);
    this.#machine = await Machine.boot({ ...this.#parts, onObserved });
  }

  async cutPower(): Promise<void> {
    await this.#machine?.cut();
    this.#machine = undefined;
  }

  /** As if the power went at this moment; the machine does not notice. */
  cut(): Promise<Cut> {
    const { scratch, state } = this.#parts;
    const disk = join(scratch, 'cut.img');
    return this.machine.heldStill(() => {
      copyDisk(state, disk);
      const { strike, gate } = this.timeline.scene;
      const unpack = async (): Promise<string> => {
        const folder = join(scratch, 'cut');
        await unpackDisk(disk, folder);
        rmSync(disk);
        return folder;
      };
      return { heardBytes: this.witness.heardBytes, strike, granted: gate?.granted ?? 0, unpack };
    });
  }

  /** @returns when the gate of a machine that has just started worked */
  worksSinceBoot(): Promise<number> {
    return this.timeline.until('the gate works', isWorking, { fromS: 0, withinS: BOOT_WITHIN_S });
  }

  async restart(): Promise<void> {
    await this.cutPower();
    await this.powerOn();
    await this.worksSinceBoot();
  }

  /** Runs a script in the machine. @returns when it began, in seconds of the machine's clock */
  async act(script: string): Promise<number> {
    const output = await this.machine.run(`cut -d' ' -f1 /proc/uptime; ${script}`);
    return Number(output.split('\n')[0]);
  }

  async show(scene: SceneName): Promise<number> {
    return this.act(
      `echo ${scene} >/run/bench-scene.new; mv /run/bench-scene.new /run/bench-scene`,
    );
  }

  working(fromS: number, withinS: number): Promise<number> {
    return this.timeline.until('the gate works', isWorking, { fromS, withinS });
  }

  /** The resident comes, and the strike is released. @returns when, and after how long */
  async arrives(): Promise<{ readonly atS: number; readonly tookS: number }> {
    const cameS = await this.show('resident');
    const limits = { fromS: cameS, withinS: VISIT_WITHIN_S };
    const atS = await this.timeline.until('the strike', ({ strike }) => strike === 1, limits);
    return { atS, tookS: atS - cameS };
  }

  /** The resident comes, is let in, and goes. @returns how long the strike took to be released */
  async visit(): Promise<number> {
    const { atS, tookS } = await this.arrives();
    await this.show('empty');
    await this.timeline.until('the strike falls back', ({ strike }) => strike === 0, {
      fromS: atS,
      withinS: LONGEST_PULSE_S + 1,
    });
    return tookS;
  }

  /** Until when the strike was released after a moment; that moment itself when it was not. @throws for a pulse too long */
  safeAtS(fromS: number): number {
    let safeAtS = fromS;
    for (const { onS, offS } of this.timeline.pulses(0)) {
      if (offS === undefined) throw new Error(`the strike is released since ${onS} s`);
      if (offS - onS > LONGEST_PULSE_S)
        throw new Error(`the strike was released for ${offS - onS} s`);
      if (offS > safeAtS) safeAtS = offS;
    }
    return safeAtS;
  }
}
