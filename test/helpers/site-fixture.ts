import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Logger } from '../../src/domain/ports/logger.ts';
import type { RosterPerson } from '../../src/domain/roster.ts';
import { wallMs } from '../../src/domain/units.ts';
import type { Store } from '../../src/gallery/store.ts';
import type { OpenBrokerLink } from '../../src/messaging/broker/broker-link.ts';
import type { EventDocument } from '../../src/messaging/documents/event-document.ts';
import type { GateReport } from '../../src/messaging/documents/state-document.ts';
import type { SiteLinkOptions } from '../../src/messaging/gate/site-link.ts';
import type { ArchivePosition, EventArchive } from '../../src/messaging/seat/event-follower.ts';
import {
  type AdministratorKeys,
  addAdministrator,
  foundSite,
  provisionGate,
  seatFileOf,
} from '../../src/messaging/site/found-site.ts';
import type {
  BrokerAddress,
  GatePassport,
  SeatFile,
  SiteFile,
} from '../../src/messaging/site/site-files.ts';
import { unitVector } from './store-data.ts';

export const ENCODER = { modelId: 'encoder-a', dimension: 64 } as const;
export const QUIET_REPORT: GateReport = {
  version: '0.0.0',
  door: 'locked',
  contact: 'closed',
  isLockedDown: false,
  camera: 'delivering',
  provider: 'cpu',
  faults: [],
  uptimeSeconds: 1,
};
const LOCAL: BrokerAddress = { url: 'mqtt://127.0.0.1:1883' };

export interface TestSite {
  readonly file: SiteFile;
  readonly passports: readonly GatePassport[];
  /** May enrol and operate. */
  readonly administrator: SeatFile;
  /** May only audit. */
  readonly auditor: SeatFile;
  /** May only maintain. */
  readonly maintainer: SeatFile;
}

/** A site with gates gate-1, gate-2 ..., an administrator, an auditor and a maintainer. */
export async function makeSite(
  clock: Pick<Clock, 'wall'>,
  options: {
    readonly site?: string;
    readonly gates?: number;
    readonly addressFor?: (name: string) => BrokerAddress;
  } = {},
): Promise<TestSite> {
  const { site = 'harbour', gates = 1, addressFor = () => LOCAL } = options;
  const now = clock.wall();
  let file = await foundSite(site);
  const keys: AdministratorKeys[] = [];
  for (const roles of [['enrol', 'operate'], ['audit'], ['maintain']] as const) {
    const added = await addAdministrator(file, { roles: [...roles] });
    file = added.file;
    keys.push(added.keys);
  }
  const passports: GatePassport[] = [];
  for (let index = 1; index <= gates; index += 1) {
    const gateId = `gate-${index}`;
    const broker = addressFor(gateId);
    const made = await provisionGate(file, { gateId, broker, now, headEpoch: 0 });
    file = made.file;
    passports.push(made.passport);
  }
  const seat = (index: number, name: string) =>
    seatFileOf(file, { ...keys[index]!, broker: addressFor(name), now });
  return {
    file,
    passports,
    administrator: await seat(0, 'administrator'),
    auditor: await seat(1, 'auditor'),
    maintainer: await seat(2, 'administrator'),
  };
}

/** A person with one template in a direction of its own. */
export const person = (identityId: string, seed: number, name = `Name ${seed}`): RosterPerson => ({
  identity: { identityId, name },
  templates: [
    {
      templateId: `${identityId}.${seed}`,
      identityId,
      modelId: ENCODER.modelId,
      embedding: unitVector(seed, ENCODER.dimension),
      enrolledAtMs: wallMs(1_767_000_000_000),
    },
  ],
});

export interface GateSurroundings {
  readonly passport: GatePassport;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly openLink: OpenBrokerLink;
}

/** A gate that obeys everything. */
export const gateOptions = (around: GateSurroundings): SiteLinkOptions => ({
  ...around,
  encoders: [ENCODER],
  handler: { handle: () => Promise.resolve({ outcome: 'done' }) },
  report: () => QUIET_REPORT,
});

/** An archive in memory. */
export class MemoryArchive implements EventArchive {
  readonly events: EventDocument[] = [];

  position(gateId: string): Promise<ArchivePosition | undefined> {
    return Promise.resolve(this.events.findLast((event) => event.gateId === gateId));
  }

  append(event: EventDocument): Promise<void> {
    this.events.push(event);
    return Promise.resolve();
  }

  /** Number of the newest event; 0 for none. */
  lastOf(gateId: string): number {
    return this.events.findLast((event) => event.gateId === gateId)?.number ?? 0;
  }

  numbersOf(gateId: string): readonly number[] {
    return this.events.filter((event) => event.gateId === gateId).map(({ number }) => number);
  }
}
