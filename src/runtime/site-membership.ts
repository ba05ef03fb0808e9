import type { ArtControl } from '../domain/art.ts';
import { ProtocolError } from '../domain/errors.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { RosterTrust } from '../domain/roster.ts';
import type { Store } from '../gallery/store.ts';
import type { OpenBrokerLink } from '../messaging/broker/broker-link.ts';
import type { EventAcknowledgement } from '../messaging/gate/event-publisher.ts';
import type { SiteLinkListener } from '../messaging/gate/gate-ports.ts';
import { rosterFault } from '../messaging/gate/roster-fault.ts';
import { SiteLink } from '../messaging/gate/site-link.ts';
import type { GatePassport } from '../messaging/site/site-files.ts';
import type { Encoder } from '../roster/apply-roster.ts';
import {
  type RosterStanding,
  type RosterTrustPolicy,
  rosterTrust,
} from '../roster/roster-standing.ts';
import type { PhotoReading } from '../vision/photo-messages.ts';
import type { Attendant } from './attendant.ts';
import { EnrolmentCapture } from './enrolment-capture.ts';
import type { Gate } from './gate.ts';
import { GateReporter } from './gate-reporter.ts';
import type { GateSite, SiteSummary } from './gate-site.ts';
import type { GateWatcher } from './gate-watcher.ts';
import { PictureMaker } from './picture-maker.ts';
import { PortraitTaker, type PortraitTakerParts } from './portrait-taker.ts';
import { SiteEnrolment } from './site-enrolment.ts';
import { type GateService, SiteOrders } from './site-orders.ts';

/** Of which events faces are kept, where they are cut from, and how long anybody may keep them. */
export interface PicturePolicy extends Omit<PortraitTakerParts, 'onPortrait'> {
  readonly keepForMs: number;
}

export interface SiteMembershipParts {
  readonly passport: GatePassport;
  readonly gate: Gate;
  readonly store: Store;
  /** The first one decides. */
  readonly encoders: readonly [Encoder, ...Encoder[]];
  readonly attendant: Pick<Attendant, 'beginCapture'>;
  readonly readPhoto: (photo: Uint8Array) => Promise<PhotoReading>;
  readonly trustPolicy: RosterTrustPolicy;
  readonly acknowledgement: EventAcknowledgement;
  /** Absent: no picture is made of anybody. */
  readonly pictures?: PicturePolicy | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly openLink: OpenBrokerLink;
  readonly version: string;
  readonly hottestC: () => number | undefined;
  readonly art: ArtControl | undefined;
  readonly service: GateService | undefined;
}

/** A shorter cut is no news to anybody; a longer one is shown on the page. */
const AWAY_AFTER_MS = 15_000;
const NOTHING_KNOWN = { standing: 'unheaded', epoch: 0, count: 0, ignoredTemplates: 0 } as const;
/** Only a cut of this length is a fault: the gate works, but nobody can reach it. */
const UNREACHABLE_AFTER_MS = 60_000;

/** The gate as one of its site: who is in the roster, what is ordered, what is told. */
export class SiteMembership implements GateSite {
  readonly #parts: SiteMembershipParts;
  readonly #reporter: GateReporter;
  readonly #pictures: PictureMaker | undefined;
  #link: SiteLink | undefined;
  #awaySinceMs: ReturnType<Clock['now']> | undefined;
  #capture: EnrolmentCapture | undefined;
  #isClosed = false;
  #cancelFault: Cancel = () => undefined;
  #endWatch: () => void = () => undefined;

  private constructor(parts: SiteMembershipParts) {
    const { gate, clock, logger, version, hottestC, art, pictures } = parts;
    this.#parts = parts;
    if (pictures !== undefined) {
      this.#pictures = new PictureMaker({
        logger,
        keep: async (of, jpeg) => (await this.#link?.pictures.keep(of, jpeg)) ?? 'off',
      });
    }
    const onChange = (): void => this.#link?.noteState();
    this.#reporter = new GateReporter({ gate, clock, version, hottestC, art, onChange });
  }

  /**
   * Resolves as soon as the link is at work; the broker may be away for as long as it likes.
   * @throws PORTICO_SITE_FILE for a passport whose keys are none
   */
  static async join(parts: SiteMembershipParts): Promise<SiteMembership> {
    const membership = new SiteMembership(parts);
    await membership.#open();
    return membership;
  }

  get rosterTrust(): RosterTrust {
    return this.#link === undefined ? 'nobody' : rosterTrust(this.#link.standing());
  }

  get isAway(): boolean {
    return (
      this.#awaySinceMs !== undefined &&
      this.#parts.clock.now() - this.#awaySinceMs >= AWAY_AFTER_MS
    );
  }

  summary(): SiteSummary {
    const { passport, store, clock } = this.#parts;
    const { site, gateId } = passport;
    const link = this.#link;
    const { last, acknowledged } = store.outboxRange();
    const { standing, epoch, count, ignoredTemplates } = link?.roster() ?? NOTHING_KNOWN;
    return {
      site,
      gateId,
      isConnected: link?.isConnected ?? false,
      ...(link?.heardAtMs === undefined ? {} : { heardAgoMs: clock.now() - link.heardAtMs }),
      standing,
      epoch,
      people: count,
      ignoredTemplates,
      waitingEvents: last - acknowledged,
      refusals: link?.refusals() ?? {},
      ...(this.#pictures === undefined
        ? {}
        : { pictures: { waiting: store.pictures.count, lost: this.#pictures.losses() } }),
    };
  }

  isVouchedFor(identityId: string): boolean {
    return this.#link?.isVouchedFor(identityId) ?? false;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#capture?.close();
    this.#endWatch();
    this.#reporter.close();
    this.#cancelFault();
    await this.#pictures?.settled();
    await this.#link?.close();
  }

  async #open(): Promise<void> {
    const { gate, clock, art, attendant, readPhoto, service, pictures, ...parts } = this.#parts;
    const encoderId = parts.encoders[0].modelId;
    this.#capture = new EnrolmentCapture({ gate, attendant, clock, encoderId });
    const enrolment = new SiteEnrolment({ capture: this.#capture, readPhoto });
    this.#away('the gate has just started', false);
    this.#link = await SiteLink.start({
      ...parts,
      clock,
      handler: new SiteOrders({ gate, clock, art, enrolment, service }),
      report: () => this.#reporter.report(),
      listener: this.#listener(),
      ...(pictures === undefined ? {} : { keepPicturesForMs: pictures.keepForMs }),
    });
    this.#stand(this.#link.standing());
    const endReporter = gate.watch(this.#reporter);
    const watcher: GateWatcher = { onEvent: () => this.#link?.noteEvent() };
    const endEvents = gate.watch(watcher);
    const endPictures = this.#watchFaces();
    this.#endWatch = () => {
      endReporter();
      endEvents();
      endPictures();
    };
  }

  #watchFaces(): () => void {
    const { gate, pictures } = this.#parts;
    const maker = this.#pictures;
    if (pictures === undefined || maker === undefined) return () => undefined;
    const onPortrait: PortraitTakerParts['onPortrait'] = (of, portrait) => maker.make(of, portrait);
    return gate.watch(new PortraitTaker({ ...pictures, onPortrait }));
  }

  #listener(): SiteLinkListener {
    const { gate } = this.#parts;
    return {
      onUp: () => this.#back(),
      onDown: (detail, isRefused) => this.#away(detail, isRefused),
      onStanding: (standing) => this.#stand(standing),
      onRosterChange: () => gate.followRoster(),
      onStoreFault: (error) => gate.distrustStore(error),
    };
  }

  #stand(standing: RosterStanding): void {
    const { faults } = this.#parts.gate;
    const fault = rosterFault(standing);
    for (const code of ['PORTICO_ROSTER_INCOMPLETE', 'PORTICO_ROSTER_STALE'] as const) {
      if (fault?.code !== code) faults.clear(code);
    }
    if (fault !== undefined) faults.raise(fault);
  }

  #back(): void {
    this.#awaySinceMs = undefined;
    this.#cancelFault();
    this.#parts.gate.faults.clear('PORTICO_SITE_UNREACHABLE', 'PORTICO_SITE_REFUSED');
  }

  /** Called for every attempt that fails. */
  #away(detail: string, isRefused: boolean): void {
    if (this.#isClosed) return;
    const { clock, gate } = this.#parts;
    if (isRefused) gate.faults.raise(refused(detail));
    if (this.#awaySinceMs !== undefined) return;
    this.#awaySinceMs = clock.now();
    this.#cancelFault = clock.after(UNREACHABLE_AFTER_MS, () =>
      gate.faults.raise(unreachable(detail)),
    );
  }
}

const refused = (detail: string): ProtocolError =>
  new ProtocolError('PORTICO_SITE_REFUSED', {
    message: `the broker does not let this gate in: ${detail}`,
    remedy: "Check the gate's certificate and the broker's access list.",
  });

const unreachable = (detail: string): ProtocolError =>
  new ProtocolError('PORTICO_SITE_UNREACHABLE', {
    message: `the broker has been away for ${UNREACHABLE_AFTER_MS / 1_000} s: ${detail}`,
    remedy: 'Check the network and the broker; the gate goes on by itself and sends what waits.',
  });
