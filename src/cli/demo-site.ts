import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { Store } from '../gallery/store.ts';
import type { GateWatcher } from '../runtime/gate-watcher.ts';
import { modelsNeededBy } from '../runtime/needed-models.ts';
import type { DemoStage } from './composition.ts';
import { enrolPhotos } from './enrol-photos.ts';
import { ensureModels } from './ensure-models.ts';
import { openPeopleStore } from './people-store.ts';
import type { Session } from './session.ts';

const PICTURES = 'demo-photos';
const RESIDENT = 'resident';

/** A gate's surroundings that exist for one command only. */
export interface DemoSite<Stage = DemoStage> {
  readonly config: Config;
  readonly store: Store;
  readonly stage: Stage;
}

export interface DemoSettings<Stage> {
  /** Of the policy: required, or waived where the visitors are photographs. */
  readonly liveness: Readonly<Record<string, unknown>>;
  readonly kiosk: Readonly<Record<string, unknown>>;
  readonly openStage: (config: Config) => Promise<Stage>;
}

/**
 * Sets up a store in a folder that goes afterwards, an entrance, a simulated relay, and the resident,
 * enrolled from one photograph.
 */
export async function onDemoSite<Stage extends Pick<DemoStage, 'enrolmentPhoto'>, Result>(
  session: Session,
  settings: DemoSettings<Stage>,
  work: (site: DemoSite<Stage>) => Promise<Result>,
): Promise<Result> {
  const { composition } = session;
  const folder = mkdtempSync(join(tmpdir(), 'portico-demo-'));
  const config = session.config({
    gate: { id: 'demo', name: 'Demonstration', siteName: 'Portico' },
    door: { relay: 'simulated:', inputs: 'none:', pulseMs: 2_000 },
    store: { path: join(folder, 'portico.db'), keyFile: join(folder, 'portico.key') },
    art: { socket: join(folder, 'art.sock') },
    models: { encoders: ['mobilefacenet-512'] },
    policy: { liveness: settings.liveness },
    kiosk: settings.kiosk,
    logLevel: 'warn',
  });
  let store: Store | undefined;
  try {
    await ensureModels(session, config, [...modelsNeededBy(config), PICTURES]);
    store = openPeopleStore(config, composition.clock, true);
    const stage = await settings.openStage(config);
    await enrolPhotos(session, config, store, {
      identity: { identityId: RESIDENT, name: 'Resident' },
      photos: [{ label: 'the resident’s photograph', picture: stage.enrolmentPhoto }],
    });
    return await work({ config, store, stage });
  } finally {
    store?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the gate of such a site on the stage's camera for as long as `work` takes, and says where its page is. */
export async function withDemoGate<Result>(
  session: Session,
  { config, store, stage }: DemoSite<Pick<DemoStage, 'camera'>>,
  watcher: GateWatcher,
  work: () => Promise<Result>,
): Promise<Result> {
  const gate = await session.composition.startGate({
    config,
    store,
    logger: session.logger(config),
    watcher,
    camera: stage.camera,
  });
  try {
    session.terminal.say(`page: ${gate.pageUrl ?? 'none'}   (Ctrl-C ends)`);
    return await work();
  } finally {
    await gate.close();
  }
}

/** Until so much time has passed, or the command is interrupted: the caller looks at the signal. */
export async function pause({ composition, signal }: Session, delayMs: number): Promise<void> {
  await composition.clock.sleep(delayMs, signal).catch(() => undefined);
}
