import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock as clock } from '../../device/clock/system-clock.ts';
import { freePort } from '../../src/evaluation/site/local-port.ts';
import type { SiteDesk, SiteDeskListener } from '../../src/messaging/seat/site-desk.ts';
import type { SeatFile } from '../../src/messaging/site/site-files.ts';
import { openSiteDesk } from '../../src/office/open-site-desk.ts';
import { SiteFolder } from '../../src/office/site-folder.ts';
import { foundOffice, inviteToSite, provisionGateOf } from '../../src/office/site-founder.ts';
import { Mosquitto, shipped } from './mosquitto.ts';
import { RecordingLogger } from './recording-logger.ts';

/**
 * A site as an operator founds it: the office's folder, and a mosquitto over TLS that runs on the files
 * and the access list which the office has made.
 */
export class SiteBench {
  readonly folder: string;
  readonly office: SiteFolder;
  readonly broker: Mosquitto;
  readonly logger = new RecordingLogger();
  readonly #desks: SiteDesk[] = [];

  private constructor(folder: string, office: SiteFolder, broker: Mosquitto) {
    this.folder = folder;
    this.office = office;
    this.broker = broker;
  }

  static async open(site = 'harbour'): Promise<SiteBench> {
    const folder = mkdtempSync(join(tmpdir(), 'portico-site-'));
    const port = await freePort();
    const office = await foundOffice({
      path: join(folder, 'office'),
      site,
      url: `mqtts://localhost:${port}`,
      now: clock.wall(),
      brokerFiles: {
        configuration: shipped('mosquitto.conf'),
        accessList: shipped('mosquitto.acl'),
      },
    });
    const files = join(office.path, 'broker');
    return new SiteBench(folder, office, await Mosquitto.startAt(files, site, port));
  }

  /** @returns path of the passport, for `portico gate join` */
  async provision(gateId: string): Promise<string> {
    const now = clock.wall();
    const { office } = this;
    const passport = await provisionGateOf(office, { gateId, now, headEpoch: 0 });
    const path = join(this.folder, `${gateId}.passport.json`);
    writeFileSync(path, JSON.stringify(passport), { mode: 0o600 });
    return path;
  }

  /** The founder's desk, connected, and what the office has to publish published. */
  async desk(listener: SiteDeskListener = {}): Promise<SiteDesk> {
    const desk = await openSiteDesk(this.office, { clock, logger: this.logger, listener });
    this.#desks.push(desk);
    await desk.publishKeys(this.office.readRoot());
    return desk;
  }

  /** A seat for somebody else, in a folder of its own. */
  async invite(roles: Parameters<typeof inviteToSite>[1]['roles']): Promise<SiteFolder> {
    const seat: SeatFile = await inviteToSite(this.office, { roles, now: clock.wall() });
    return SiteFolder.create(mkdtempSync(join(this.folder, 'seat-')), seat);
  }

  async close(): Promise<void> {
    for (const desk of this.#desks) await desk.close();
    this.office.close();
    await this.broker.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
