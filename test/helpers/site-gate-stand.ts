import assert from 'node:assert/strict';
import type { ArtControl, ArtSettings, ArtTitle } from '../../src/domain/art.ts';
import type { RosterPerson } from '../../src/domain/roster.ts';
import { wallMs } from '../../src/domain/units.ts';
import type { Order } from '../../src/messaging/documents/command-document.ts';
import { RosterBook } from '../../src/messaging/seat/roster-book.ts';
import { SiteDesk, type SiteDeskOptions } from '../../src/messaging/seat/site-desk.ts';
import { ROSTER_TRUST_DEFAULTS, type RosterTrustPolicy } from '../../src/roster/roster-standing.ts';
import type { Gate } from '../../src/runtime/gate.ts';
import { SiteMembership, type SiteMembershipParts } from '../../src/runtime/site-membership.ts';
import type { PhotoReading } from '../../src/vision/photo-messages.ts';
import { MODEL_ID } from './decision-builders.ts';
import { FACES, GateStand, type Visitor } from './gate-stand.ts';
import { ModelBroker } from './model-broker.ts';
import { settleMessages, sharedSite } from './site-stand.ts';

/** The wall's art as a site sees it. */
export class ScriptedArt implements ArtControl {
  settings: ArtSettings = { isOn: true, manner: 'fast', style: 'every', intervalS: 120 };
  title: ArtTitle | undefined;
  #listener: (title: ArtTitle | undefined) => void = () => undefined;

  change(changes: Partial<ArtSettings>): void {
    this.settings = { ...this.settings, ...changes };
  }

  onTitle(listener: (title: ArtTitle | undefined) => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = () => undefined;
    };
  }

  hang(title: ArtTitle | undefined): void {
    this.title = title;
    this.#listener(title);
  }
}

/** A whole gate on a bench that belongs to a site in memory, and the administrator's desk. */
export class SiteGateStand {
  readonly stand = new GateStand();
  readonly broker = new ModelBroker();
  readonly done: string[] = [];
  /** What becomes of a photograph that is sent. */
  reading: PhotoReading = { outcome: 'unreadable' };
  readonly art = new ScriptedArt();

  async start(
    changes: Partial<SiteMembershipParts> & { readonly policy?: Partial<RosterTrustPolicy> } = {},
  ): Promise<Gate> {
    const { stand, broker, done } = this;
    const { passports } = await sharedSite;
    const { policy, ...others } = changes;
    const { attendant } = stand.parts();
    const gate = await stand.start({
      attendant,
      openSite: (opening) =>
        SiteMembership.join({
          passport: passports[0]!,
          gate: opening,
          attendant,
          readPhoto: () => Promise.resolve(this.reading),
          store: stand.store,
          encoders: [{ modelId: MODEL_ID, dimension: FACES.resident.length }],
          trustPolicy: { ...ROSTER_TRUST_DEFAULTS, ...policy },
          acknowledgement: 'receipt',
          clock: stand.clock,
          logger: stand.logger,
          openLink: broker.openLink,
          version: '1.2.3',
          hottestC: () => 51.5,
          art: this.art,
          service: {
            reload: () => {
              done.push('reload');
              return { outcome: 'done' };
            },
            restart: () => done.push('restart'),
            adoptModels: (files, by) => {
              done.push(`models ${files.map(({ path }) => path).join(', ')} by ${by}`);
              return { outcome: 'done' };
            },
          },
          ...others,
        }),
    });
    await this.settle();
    return gate;
  }

  async desk(
    changes: Partial<SiteDeskOptions> = {},
    who: 'administrator' | 'auditor' | 'maintainer' = 'administrator',
  ): Promise<SiteDesk> {
    const { clock, logger } = this.stand;
    const site = await sharedSite;
    const desk = await SiteDesk.open({
      seat: site[who],
      book: new RosterBook(),
      clock,
      logger,
      openLink: this.broker.openLink,
      ...changes,
    });
    await this.settle();
    return desk;
  }

  /** Somebody of the stand's visitors, as an administrator publishes them. */
  person(visitor: Visitor): RosterPerson {
    return {
      identity: { identityId: visitor, name: visitor },
      templates: [
        {
          templateId: `${visitor}.1`,
          identityId: visitor,
          modelId: MODEL_ID,
          embedding: FACES[visitor],
          enrolledAtMs: wallMs(0),
        },
      ],
    };
  }

  /** Gives an order while time stands still, and returns the answer. */
  async order(desk: SiteDesk, order: Order) {
    return await this.answered(desk.sendCommand('gate-1', order));
  }

  /** Lets things happen, while time stands still, until an answer is there: a signature may wait for a processor. */
  async answered<Answer>(answer: Promise<Answer>): Promise<Answer> {
    let isThere = false;
    const note = () => {
      isThere = true;
    };
    answer.then(note, note);
    for (let turn = 0; turn < 500 && !isThere; turn += 1) await this.settle();
    assert.ok(isThere, 'an answer comes without time passing');
    return await answer;
  }

  settle(): Promise<void> {
    return settleMessages(this.broker);
  }

  async close(): Promise<void> {
    await this.stand.close();
  }
}
