import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock as clock } from '../../device/clock/system-clock.ts';
import { monotonicMs } from '../../src/domain/units.ts';
import type { Store } from '../../src/gallery/store.ts';
import { mqttLinks } from '../../src/messaging/broker/mqtt-link.ts';
import type { CommandResult, Order } from '../../src/messaging/documents/command-document.ts';
import { SiteLink } from '../../src/messaging/gate/site-link.ts';
import { parseGatePassport } from '../../src/messaging/site/site-files.ts';
import { seededRandom } from '../../src/numeric/random.ts';
import { RecordingLogger } from './recording-logger.ts';
import { gateOptions } from './site-fixture.ts';
import { openTestStore } from './store-bench.ts';
import { until } from './until.ts';

/** The part of a gate that the site sees: its store and its link, without camera and door. */
export class SiteGate {
  readonly store: Store;
  readonly orders: Order[] = [];
  /** What it answers; default: done. */
  answer: (order: Order) => CommandResult = () => ({ outcome: 'done' });
  #link: SiteLink | undefined;

  private constructor(store: Store) {
    this.store = store;
  }

  /** @param passport  file that `portico gate provision` made @param folder  for its store */
  static async open(passport: string, folder: string): Promise<SiteGate> {
    const logger = new RecordingLogger();
    const parsed = parseGatePassport(readFileSync(passport, 'utf8'));
    const gate = new SiteGate(openTestStore(join(folder, `${parsed.gateId}.db`), { clock }));
    const openLink = mqttLinks({ broker: parsed.broker, clock, logger, random: seededRandom(1) });
    gate.#link = await SiteLink.start({
      ...gateOptions({ passport: parsed, store: gate.store, clock, logger, openLink }),
      encoders: [{ modelId: 'mobilefacenet-512', dimension: 512 }],
      handler: {
        handle: (order) => {
          gate.orders.push(order);
          return Promise.resolve(gate.answer(order));
        },
      },
    });
    await until('the gate is connected', () => gate.link.isConnected);
    return gate;
  }

  get link(): SiteLink {
    return this.#link!;
  }

  /** Who of these it would find on a photograph by such a template. */
  find(modelId: string, embedding: Float32Array): readonly string[] {
    const probe = { modelId, embedding, capturedAtMs: monotonicMs(0) };
    return this.store
      .snapshot()
      .search(probe)
      .candidates.filter(({ similarity }) => similarity > 0.99)
      .map(({ identity }) => identity.identityId);
  }

  async close(): Promise<void> {
    await this.link.close();
    this.store.close();
  }
}
