import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Logger } from '../../domain/ports/logger.ts';
import type { SiteDesk } from '../../messaging/seat/site-desk.ts';
import type { GatePassport } from '../../messaging/site/site-files.ts';
import { openSiteDesk } from '../../office/open-site-desk.ts';
import type { SiteFolder } from '../../office/site-folder.ts';
import { foundOffice, provisionGateOf } from '../../office/site-founder.ts';
import { freePort } from './local-port.ts';
import { madeUpPerson } from './made-up-roster.ts';
import { TrialBroker } from './trial-broker.ts';
import type { TrialGateCommand } from './trial-gate-process.ts';

/** What every measurement of a site needs. */
export interface TrialSurroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** The shipped mosquitto.conf and mosquitto.acl. */
  readonly brokerFiles: { readonly configuration: string; readonly accessList: string };
  /** Starts a process that runs `runTrialGates` in that folder. */
  readonly gateCommand: (folder: string) => TrialGateCommand;
  /** @param share  of the present step */
  readonly onProgress: (step: string, share: number, detail?: string) => void;
}

const SITE = 'trial';
const PUBLISHED_AT_ONCE = 32;

/** A site as `site init` founds it, with a broker of its own and an administrator at the desk. */
export class TrialSite {
  readonly folder: string;
  readonly broker: TrialBroker;
  readonly port: number;
  readonly desk: SiteDesk;
  readonly around: TrialSurroundings;
  readonly #office: SiteFolder;
  #isStopped = false;

  private constructor(parts: {
    readonly folder: string;
    readonly broker: TrialBroker;
    readonly port: number;
    readonly desk: SiteDesk;
    readonly office: SiteFolder;
    readonly around: TrialSurroundings;
  }) {
    this.folder = parts.folder;
    this.broker = parts.broker;
    this.port = parts.port;
    this.desk = parts.desk;
    this.#office = parts.office;
    this.around = parts.around;
  }

  /** @param folder  an empty one, for everything */
  static async open(folder: string, around: TrialSurroundings): Promise<TrialSite> {
    const { clock, logger, brokerFiles, signal } = around;
    const port = await freePort();
    const office = await foundOffice({
      path: join(folder, 'office'),
      site: SITE,
      url: `mqtts://localhost:${port}`,
      now: clock.wall(),
      brokerFiles,
    });
    const broker = new TrialBroker(join(office.path, 'broker'), port, clock);
    await broker.start();
    try {
      const desk = await openSiteDesk(office, { clock, logger, signal });
      return new TrialSite({ folder, broker, port, desk, office, around });
    } catch (error) {
      await broker.stop();
      office.close();
      throw error;
    }
  }

  get site(): string {
    return SITE;
  }

  /**
   * Gates that may join, each with a certificate of its own.
   * @param port  where they find the broker
   * @returns the paths of their passports
   */
  async provision(gateIds: readonly string[], port = this.port): Promise<readonly string[]> {
    const { signal, onProgress } = this.around;
    mkdirSync(join(this.folder, 'gates'), { recursive: true });
    const paths: string[] = [];
    for (const gateId of gateIds) {
      signal.throwIfAborted();
      onProgress('provisioning gates', paths.length / gateIds.length, gateId);
      const passport = await this.#passportOf(gateId, port);
      const path = join(this.folder, 'gates', `${gateId}.json`);
      writeFileSync(path, JSON.stringify(passport), { mode: 0o600 });
      paths.push(path);
    }
    await this.desk.publishKeys(this.#office.readRoot());
    await this.desk.followEvents(this.#office.archive, { onEvent: () => undefined });
    return paths;
  }

  /** @param people  numbers of made-up people @param version  of their templates */
  async enrol(people: readonly number[], version = 0): Promise<void> {
    const { signal, onProgress } = this.around;
    for (let first = 0; first < people.length; first += PUBLISHED_AT_ONCE) {
      signal.throwIfAborted();
      const some = people.slice(first, first + PUBLISHED_AT_ONCE);
      await Promise.all(some.map((index) => this.desk.publishRecord(madeUpPerson(index, version))));
      onProgress('publishing people', first / people.length, `${first} of ${people.length}`);
    }
    await this.desk.publishHead();
  }

  /** Ends broker and desk; the broker's database stays. Idempotent. */
  async close(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    await this.desk.close();
    await this.broker.stop();
    this.#office.close();
  }

  async #passportOf(gateId: string, port: number): Promise<GatePassport> {
    const now = this.around.clock.wall();
    const passport = await provisionGateOf(this.#office, { gateId, now, headEpoch: 0 });
    return { ...passport, broker: { ...passport.broker, url: `mqtts://localhost:${port}` } };
  }
}
