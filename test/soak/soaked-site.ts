import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { systemClock as clock } from '../../device/clock/system-clock.ts';
import type { EventFit } from '../../src/messaging/seat/event-follower.ts';
import type { SiteDesk } from '../../src/messaging/seat/site-desk.ts';
import type { RgbImage } from '../../src/numeric/sample-image.ts';
import { openSiteDesk } from '../../src/office/open-site-desk.ts';
import { readEvent } from '../../src/office/read-event.ts';
import type { SiteFolder } from '../../src/office/site-folder.ts';
import { SitePeople } from '../../src/office/site-people.ts';
import { verifyArchive } from '../../src/office/verify-archive.ts';
import { decodeVector } from '../../src/roster/roster-documents.ts';
import { EVENT_LOSSES, insistOn } from '../helpers/insist-on.ts';
import { SiteBench } from '../helpers/site-bench.ts';
import { unitVector } from '../helpers/store-data.ts';
import { until } from '../helpers/until.ts';
import { RosterChurn } from './roster-churn.ts';

export const ENCODER = { modelId: 'mobilefacenet-512', dimension: 512 } as const;
const RESIDENT = 'resident';
/** The slowest pause between two attempts to reach the broker is a minute. */
const CONNECTED_WITHIN_MS = 180_000;
const ORDER_LIVES_MS = 5_000;
const PHOTO_WITHIN_MS = 60_000;
/** Seeds of the site's own faces. */
const SITE_FACES = 1_000;

/** To open a door; those that are neither done nor refused came to nobody, or too late. */
export interface Orders {
  readonly given: number;
  readonly done: number;
  readonly refused: number;
}

/**
 * A site on a real mosquitto over TLS: an administrator at the desk who lets people come and go, and an auditor
 * who takes every gate's events into safe keeping.
 */
export class SoakedSite {
  readonly bench: SiteBench;
  readonly churn = new RosterChurn('member', 7);
  readonly fits = new Map<EventFit, number>();
  readonly #orders = new Map<string, number>();
  readonly #desk: SiteDesk;
  readonly #auditor: SiteDesk;
  readonly #people: SitePeople;
  readonly #safe: SiteFolder;
  #change: Promise<void> | undefined;
  #problem: Error | undefined;
  /** Changes that were tried again, because the broker was away. */
  retries = 0;

  private constructor(
    bench: SiteBench,
    seats: { desk: SiteDesk; auditor: SiteDesk; people: SitePeople; safe: SiteFolder },
  ) {
    this.bench = bench;
    this.#desk = seats.desk;
    this.#auditor = seats.auditor;
    this.#people = seats.people;
    this.#safe = seats.safe;
  }

  /** @returns the site, and where each gate's passport lies */
  static async open(
    gateIds: readonly string[],
  ): Promise<{ readonly site: SoakedSite; readonly passports: readonly string[] }> {
    const bench = await SiteBench.open('soak');
    const passports: string[] = [];
    for (const gateId of gateIds) passports.push(await bench.provision(gateId));
    const safe = await bench.invite(['audit']);
    const desk = await bench.desk();
    const auditor = await openSiteDesk(safe, { clock, logger: bench.logger });
    const people = await SitePeople.open({ desk, clock });
    const site = new SoakedSite(bench, { desk, auditor, people, safe });
    await auditor.followEvents(safe.archive, {
      onEvent: (_event, fit) => void site.fits.set(fit, (site.fits.get(fit) ?? 0) + 1),
    });
    return { site, passports };
  }

  /** Has a gate make a template of the photograph, and everybody's gates let that person in. */
  async enrolResident(gateId: string, photo: RgbImage): Promise<void> {
    const { rgb, widthPx, heightPx } = photo;
    const raw = { width: widthPx, height: heightPx, channels: 3 } as const;
    const jpeg = await sharp(rgb, { raw }).jpeg({ quality: 95 }).toBuffer();
    const order = { identityId: RESIDENT, photo: jpeg.toString('base64url') };
    const outcome = await this.#desk.sendCommand(
      gateId,
      { name: 'encode-photo', ...order },
      { expiresInMs: 15_000, answerWithinMs: PHOTO_WITHIN_MS },
    );
    assert.ok(outcome.outcome === 'done' && outcome.samples !== undefined, JSON.stringify(outcome));
    const samples = outcome.samples.map(({ modelId, embedding }) => ({
      modelId,
      embedding: decodeVector(embedding)!,
    }));
    await this.#people.enrol({ identityId: RESIDENT, name: 'Resident' }, samples);
    await this.#people.vouch();
  }

  /** Somebody comes or goes, over the broker, as soon as it is there; nothing while the one before waits for it. */
  change(): void {
    this.#change ??= this.#changeSomebody()
      .catch((error: unknown) => {
        this.#problem ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.#change = undefined;
      });
  }

  /** An order to open a door, whatever becomes of it. */
  order(gateId: string): void {
    const timing = { expiresInMs: ORDER_LIVES_MS, answerWithinMs: ORDER_LIVES_MS };
    const count = (what: string): void => {
      const name = `${gateId} ${what}`;
      this.#orders.set(name, this.#ordersThat(name) + 1);
    };
    count('given');
    this.#desk
      .sendCommand(gateId, { name: 'pulse' }, timing)
      .then(
        ({ outcome }) => count(outcome),
        () => count('not-sent'),
      )
      .finally(() => count('over'));
  }

  ordersOf(gateId: string): Orders {
    const that = (what: string): number => this.#ordersThat(`${gateId} ${what}`);
    return { given: that('given'), done: that('done'), refused: that('refused') };
  }

  /** Once the change under way is made, and no order waits for an answer. @throws what went wrong with a change */
  async settled(): Promise<void> {
    await this.#change;
    const gateIds = this.#desk.gateIds();
    const areOver = (): boolean =>
      gateIds.every((id) => this.#ordersThat(`${id} over`) === this.#ordersThat(`${id} given`));
    await until('every order is answered or over', areOver);
    if (this.#problem !== undefined) throw this.#problem;
  }

  /** Whom every gate must hold over the site. */
  get expected(): readonly string[] {
    return [RESIDENT, ...this.churn.expected];
  }

  /** The broker has lost what it kept, or some of it: publishes all of it again, as an administrator would. */
  async refill(): Promise<void> {
    await this.#insist(async () => {
      await this.#desk.publishKeys(this.bench.office.readRoot());
      await this.#desk.republish();
    });
  }

  async connected(): Promise<void> {
    for (const desk of [this.#desk, this.#auditor]) {
      await until('the desks are connected', () => desk.isConnected, CONNECTED_WITHIN_MS);
    }
  }

  /** Number of the last event of this gate in safe keeping. */
  async lastKept(gateId: string): Promise<number> {
    return (await this.#safe.archive.position(gateId))?.number ?? 0;
  }

  /**
   * Every event from the first on, once, in one chain that the gate has signed; and the door opened by order for as many
   * as were given at most, and for all that were answered as done.
   */
  async verifyEvents(gateId: string): Promise<{ readonly kept: number; readonly opened: number }> {
    for (const fit of EVENT_LOSSES) assert.equal(this.fits.get(fit), undefined, `events: ${fit}`);
    const { archive } = this.#safe;
    const verdict = await verifyArchive(archive.pathOf(gateId), this.#auditor.trust);
    assert.deepEqual(verdict.breaks, []);
    assert.deepEqual([verdict.streams, verdict.repeated, verdict.first?.number], [1, 0, 1]);
    assert.equal(verdict.signed, verdict.events);
    const opened = archive
      .tail(gateId, verdict.events)
      .filter((line) => readEvent(line)?.type === 'door.opened-remotely').length;
    const { given, done } = this.ordersOf(gateId);
    assert.ok(done <= opened && opened <= given, `${opened} openings for ${given} orders`);
    return { kept: verdict.events, opened };
  }

  async close(): Promise<void> {
    await this.#auditor.close();
    this.#safe.close();
    await this.bench.close();
  }

  async #changeSomebody(): Promise<void> {
    const { identityId, serial, isIn } = this.churn.draw();
    const embedding = unitVector(SITE_FACES + serial, ENCODER.dimension);
    await this.#insist(async () => {
      // The broker may have taken what it did not live to confirm.
      await this.#people.refresh();
      if ((this.#people.identity(identityId) !== undefined) === isIn) return;
      if (!isIn) await this.#people.remove(identityId);
      else {
        const templates = [{ modelId: ENCODER.modelId, embedding }];
        await this.#people.enrol({ identityId, name: `Member ${serial}` }, templates);
      }
    });
    await this.#insist(() => this.#desk.publishHead());
  }

  #ordersThat(name: string): number {
    return this.#orders.get(name) ?? 0;
  }

  /** Does it again for as long as the broker cannot be reached. */
  #insist(work: () => Promise<unknown>): Promise<void> {
    return insistOn(work, async () => {
      this.retries += 1;
      await this.connected();
    });
  }
}

/** The configuration of a gate of the soak, in its folder. */
export function configureGate(folder: string): NodeJS.ProcessEnv {
  const settings = {
    schemaVersion: 1,
    camera: { source: 'test:' },
    policy: { liveness: { waivedBecause: 'the visitors of the soak are photographs' } },
    door: { relay: 'simulated:', inputs: 'none:', pulseMs: 500 },
    kiosk: { port: 0 },
    health: { port: 0 },
  };
  writeFileSync(join(folder, 'portico.json'), JSON.stringify(settings));
  return { ...process.env, STATE_DIRECTORY: folder };
}
