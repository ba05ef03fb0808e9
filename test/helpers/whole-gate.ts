import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../device/clock/system-clock.ts';
import type { DemoStage } from '../../src/cli/composition.ts';
import { openPeopleStore } from '../../src/cli/people-store.ts';
import { openDemoStage } from '../../src/composition/demo-stage.ts';
import { startGate } from '../../src/composition/start-gate.ts';
import { cacheDirectory, loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import type { GateEvent } from '../../src/domain/events.ts';
import type { Store } from '../../src/gallery/store.ts';
import type { Catalogue } from '../../src/inference/catalogue.ts';
import { parseGatePassport } from '../../src/messaging/site/site-files.ts';
import { fanOut } from '../../src/runtime/fan-out.ts';
import type { Gate } from '../../src/runtime/gate.ts';
import type { GateWatcher } from '../../src/runtime/gate-watcher.ts';
import { keepPassport } from '../../src/runtime/site-passport.ts';
import { modelsDir, preparedCatalogue } from './prepared-vision.ts';
import { RecordingLogger } from './recording-logger.ts';
import type { SiteBench } from './site-bench.ts';

/** Who comes before the camera. */
type AnyStage = Pick<DemoStage, 'camera'>;

export interface WholeGateOptions {
  /** Of the configuration. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly watcher?: GateWatcher;
}

/**
 * A real gate in this process that belongs to a site: real models, store and link; its relay is simulated, and
 * people come to its camera when the test says so.
 */
export class WholeGate<Stage extends AnyStage = DemoStage> {
  readonly gate: Gate;
  readonly store: Store;
  readonly stage: Stage;
  readonly events: GateEvent[];
  readonly logger: RecordingLogger;
  readonly #folder: string;

  private constructor(
    parts: Pick<WholeGate<Stage>, 'gate' | 'store' | 'stage' | 'events' | 'logger'>,
    folder: string,
  ) {
    this.gate = parts.gate;
    this.store = parts.store;
    this.stage = parts.stage;
    this.events = parts.events;
    this.logger = parts.logger;
    this.#folder = folder;
  }

  /** People cut out of photographs, and liveness waived for them. */
  static open(
    site: SiteBench,
    gateId: string,
    { overrides, ...options }: WholeGateOptions = {},
  ): Promise<WholeGate> {
    const liveness = { waivedBecause: 'a test with photographs of people' };
    return WholeGate.openWith(
      site,
      gateId,
      { ...options, overrides: { policy: { liveness }, ...overrides } },
      openDemoStage,
    );
  }

  static async openWith<Stage extends AnyStage>(
    site: SiteBench,
    gateId: string,
    { overrides = {}, watcher = {} }: WholeGateOptions,
    openStage: (config: Config, catalogue: Catalogue, modelsDir: string) => Promise<Stage>,
  ): Promise<WholeGate<Stage>> {
    const folder = mkdtempSync(join(tmpdir(), 'portico-whole-gate-'));
    const config = loadConfig({
      environment: { STATE_DIRECTORY: folder },
      overrides: {
        door: { relay: 'simulated:', inputs: 'none:', pulseMs: 1_000 },
        models: { cacheDirectory: cacheDirectory(process.env) },
        kiosk: { enabled: false },
        ...overrides,
      },
    });
    const passport = parseGatePassport(readFileSync(await site.provision(gateId), 'utf8'));
    keepPassport(config.site.passport, passport);
    const catalogue = preparedCatalogue();
    const stage = await openStage(config, catalogue, modelsDir);
    const store = openPeopleStore(config, systemClock, true);
    const logger = new RecordingLogger();
    const events: GateEvent[] = [];
    const noting: GateWatcher = { onEvent: ({ event }) => events.push(event) };
    const gate = await startGate(
      {
        config,
        store,
        logger,
        watcher: fanOut(noting, watcher),
        camera: stage.camera,
        speaksAbroad: true,
      },
      { version: '0.0.0', modelsDir, catalogue },
    );
    return new WholeGate({ gate, store, stage, events, logger }, folder);
  }

  /** How many events of this kind there were. */
  count(type: GateEvent['type']): number {
    return this.events.filter((event) => event.type === type).length;
  }

  async close(): Promise<void> {
    await this.gate.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
