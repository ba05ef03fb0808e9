import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { Store } from '../gallery/store.ts';
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
