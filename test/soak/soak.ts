// npm run test:soak -- --minutes 60: see README.md here. Runs gates of soaked-gate.ts in a site whose broker comes and goes and
// whose people come and go, takes their events, and says at the end whether memory, descriptors and latency stayed as they were.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock as clock } from '../../device/clock/system-clock.ts';
import { openDemoStage } from '../../src/composition/demo-stage.ts';
import { seededRandom } from '../../src/numeric/random.ts';
import { preparedCatalogue } from '../helpers/prepared-vision.ts';
import { until } from '../helpers/until.ts';
import { BrokerLosses } from './broker-losses.ts';
import { GateChild } from './gate-child.ts';
import { gateReport, type SoakSample, siteReport } from './soak-report.ts';
import { SoakedSite } from './soaked-site.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    frames: { type: 'string', default: '1000000' },
    gates: { type: 'string', default: '1' },
    samples: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const CHANGE_EVERY_MS = 2_000;
/** Turns of change; the strike has its rest in between. */
const ORDER_EVERY = 4;
/** As many changes as make the rosters as full as they will be. */
const CHANGES_BEFORE = 150;
/** Between the broker's return and its next loss. */
const PRESENT_MS = { from: 30_000, to: 90_000 } as const;
/** A gate that could not reach the broker for long tries again after a minute at the latest. */
const WHOLE_WITHIN_MS = 240_000;
const STARTED_WITHIN_MS = 120_000;

class Soak {
  readonly #site: SoakedSite;
  readonly #gates: readonly GateChild[];
  readonly #losses: BrokerLosses;
  readonly #random = seededRandom(3);
  readonly #wholeAfterSeconds: number[] = [];
  readonly #beganMs = clock.now();
  #isStopped = false;
  #turn = 0;

  constructor(site: SoakedSite, gates: readonly GateChild[]) {
    this.#site = site;
    this.#gates = gates;
    this.#losses = new BrokerLosses(site);
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Until the time is over, the frames are done, a gate has ended or somebody interrupts. */
  async run(): Promise<void> {
    for (let change = 0; change < CHANGES_BEFORE; change += 1) await this.#changeEverywhere();
    while (!this.#isOver()) {
      const lossAtMs =
        clock.now() + PRESENT_MS.from + this.#random() * (PRESENT_MS.to - PRESENT_MS.from);
      await this.#changeUntil(() => clock.now() >= lossAtMs || this.#isOver());
      if (this.#isOver()) break;
      let isBack = false;
      const loss = this.#losses.lose().finally(() => {
        isBack = true;
      });
      await this.#changeUntil(() => isBack);
      const kind = await loss;
      const backMs = clock.now();
      await this.#becomeWhole(`after the broker was ${kind}`);
      this.#wholeAfterSeconds.push((clock.now() - backMs) / 1_000);
    }
    await this.#becomeWhole('at the end');
  }

  /** @throws AssertionError when an event is missing */
  async report(): Promise<string> {
    const parts: string[] = [];
    for (const gate of this.#gates) {
      await gate.end();
      const { gateId, samples, churn } = gate;
      const { kept: keptEvents, opened } = await this.#site.verifyEvents(gateId);
      const { last: lastEvent } = gate.events();
      const waiting = Array.from(
        { length: lastEvent - keptEvents },
        (_, index) => keptEvents + 1 + index,
      );
      assert.deepEqual(gate.waiting(keptEvents), waiting, 'what is not kept yet waits at the gate');
      const { added: peopleAdded, removed: peopleRemoved } = churn;
      const events = { lastEvent, keptEvents };
      const orders = { ...this.#site.ordersOf(gateId), opened };
      const { watched } = gate;
      parts.push(
        gateReport({ gateId, samples, ...events, peopleAdded, peopleRemoved, orders, watched }),
      );
    }
    const { churn, retries, fits } = this.#site;
    const { counts: losses, awaySeconds } = this.#losses;
    const people = { peopleAdded: churn.added, peopleRemoved: churn.removed };
    const wholeAfterSeconds = this.#wholeAfterSeconds;
    parts.push(siteReport({ ...people, retries, losses, awaySeconds, wholeAfterSeconds, fits }));
    return parts.join('\n');
  }

  #isOver(): boolean {
    const frames = this.#gates.reduce((sum, gate) => sum + gate.frames, 0);
    const minutes = (clock.now() - this.#beganMs) / 60_000;
    return (
      this.#isStopped ||
      frames >= Number(values.frames) ||
      minutes >= Number(values.minutes) ||
      this.#gates.some((gate) => gate.hasEnded)
    );
  }

  async #changeEverywhere(): Promise<void> {
    for (const gate of this.#gates) gate.change();
    this.#site.change();
    await this.#site.settled();
  }

  async #changeUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await clock.sleep(CHANGE_EVERY_MS);
      this.#turn += 1;
      for (const gate of this.#gates) {
        gate.change();
        if (this.#turn % ORDER_EVERY === 0) this.#site.order(gate.gateId);
      }
      this.#site.change();
    }
  }

  /** Nothing changes any more: then every gate holds the model, and its events are in safe keeping. */
  async #becomeWhole(when: string): Promise<void> {
    await this.#site.settled();
    for (const gate of this.#gates) {
      const { gateId, churn } = gate;
      const expected = [...churn.expected, ...this.#site.expected].sort();
      const isWhole = (): boolean => gate.people().join() === expected.join();
      try {
        await until('the people are those of the model', isWhole, WHOLE_WITHIN_MS);
        const { last } = gate.events();
        const areKept = async (): Promise<boolean> =>
          gate.events().acknowledged >= last && (await this.#site.lastKept(gateId)) >= last;
        await until('the events are in safe keeping', areKept, WHOLE_WITHIN_MS);
        // From the gate's own lines, which come every ten seconds.
        await until('its roster is current', () => gate.standing === 'current', WHOLE_WITHIN_MS);
      } catch (error) {
        console.error({
          gateId,
          when,
          events: gate.events(),
          kept: await this.#site.lastKept(gateId),
        });
        assert.deepEqual(gate.people(), expected, `${gateId} ${when}`);
        throw error;
      }
    }
  }
}

function note(sample: SoakSample): void {
  if (values.samples !== undefined) appendFileSync(values.samples, `${JSON.stringify(sample)}\n`);
}

async function soak(folder: string): Promise<void> {
  const gateIds = Array.from({ length: Number(values.gates) }, (_, index) => `door-${index + 1}`);
  const { site, passports } = await SoakedSite.open(gateIds);
  const gates: GateChild[] = [];
  try {
    for (const [index, gateId] of gateIds.entries()) {
      const passport = passports[index] ?? '';
      gates.push(new GateChild({ folder, gateId, passport }, index + 1, note));
    }
    const soaking = new Soak(site, gates);
    process.once('SIGINT', () => soaking.stop()).once('SIGTERM', () => soaking.stop());
    for (const gate of gates) gate.start();
    await until(
      'the gates are at work in their site',
      () => gates.every(({ samples }) => samples.at(-1)?.isConnected === true),
      STARTED_WITHIN_MS,
    );
    const [{ gateId, config }] = gates as [GateChild];
    const { enrolmentPhoto } = await openDemoStage(config, preparedCatalogue());
    await site.enrolResident(gateId, enrolmentPhoto);
    await soaking.run();
    console.log(await soaking.report());
  } finally {
    for (const gate of gates) {
      gate.kill();
      gate.close();
    }
    await site.close();
  }
}

if (values.help) {
  console.log(
    'npm run test:soak -- [--minutes 60] [--frames 1000000] [--gates 1] [--samples file.jsonl]\n' +
      'Ends with whichever comes first, and prints memory, descriptors, latency, people and events. Needs mosquitto.',
  );
} else {
  const folder = mkdtempSync(join(tmpdir(), 'portico-soak-'));
  try {
    await soak(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
