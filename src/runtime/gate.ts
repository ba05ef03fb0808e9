import type { Door } from '../access/door.ts';
import type { DoorListener, DoorStatus } from '../access/door-status.ts';
import type { CheckedPolicy } from '../decision/checked-policy.ts';
import type { GateHealth } from '../decision/evidence.ts';
import type { VisitAction } from '../decision/visit.ts';
import type { Grant } from '../domain/decision.ts';
import type { GateEvent } from '../domain/events.ts';
import type { GateStage } from '../domain/gate-stage.ts';
import type { Observation } from '../domain/observation.ts';
import type { OperatorOrder } from '../domain/operator-order.ts';
import type { Camera } from '../domain/ports/camera.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { Store } from '../gallery/store.ts';
import type { Kiosk } from '../kiosk/kiosk.ts';
import type { FrameSlots } from '../vision/frame-slots.ts';
import type { Vision, VisionListener } from '../vision/vision-client.ts';
import { asFault } from './as-fault.ts';
import type { Attendance, Attendant } from './attendant.ts';
import { CameraWatch } from './camera-watch.ts';
import { ClockTrust, clockUntrusted } from './clock-trust.ts';
import { DoorKeeper, type Entry } from './door-keeper.ts';
import { EventJournal } from './event-journal.ts';
import { FaultBoard } from './fault-board.ts';
import { gallerySize, noteGallerySize } from './gallery-size.ts';
import type { GateSite } from './gate-site.ts';
import type { GateWatcher } from './gate-watcher.ts';
import { pageState } from './page-state.ts';
import { StoreWatch } from './store-watch.ts';
import { type VisionState, VisionWatch } from './vision-watch.ts';
import { WallPage } from './wall-page.ts';
import { Watchers } from './watchers.ts';

export interface GateParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Store;
  readonly camera: Camera;
  readonly slots: FrameSlots;
  readonly attendant: Attendant;
  readonly openDoor: (listener: DoorListener, isLockedDown: boolean) => Promise<Door>;
  readonly openVision: (listener: VisionListener) => Promise<Vision>;
  /** May make models ready that are not; with it the gate starts without them, and tries again. */
  readonly mendVision?: (() => Promise<void>) | undefined;
  readonly openPage: (() => Promise<Kiosk>) | undefined;
  /** What shows pictures while nobody is there; it ends with the page. */
  readonly art?: { close(): Promise<void> } | undefined;
  /** Shows the gate to a house. */
  readonly home?: { close(): Promise<void> } | undefined;
  /** Absent: the gate stands alone. */
  readonly openSite?: ((gate: Gate) => Promise<GateSite>) | undefined;
  readonly livenessWaiver: string | undefined;
  readonly version: string;
}

const TICK_MS = 250;
/** Without an observation for this long, the page and the visit are told that nothing is seen. */
const SILENCE_MS = 1_000;
/** Time to look at the camera after showing a badge. */
const CLAIM_MS = 10_000;

/**
 * The running gate: joins camera, vision, decision, door, store and page, and is the one place where
 * the order of things is written down. All of it on the main thread, none of it waiting.
 */
export class Gate {
  readonly #parts: GateParts;
  readonly #journal: EventJournal;
  readonly #faults: FaultBoard;
  readonly #storeWatch: StoreWatch;
  readonly #clockTrust: ClockTrust;
  readonly #watchers: Watchers<GateWatcher>;
  #door: DoorKeeper | undefined;
  #site: GateSite | undefined;
  readonly #vision: VisionWatch;
  readonly #page: WallPage;
  readonly #camera: CameraWatch;
  /** Our own code failed: nothing is decided by it any more until the gate is started again. */
  #isDefective = false;
  #provider = 'none';
  #hasStarted = false;
  #observedAtMs = Number.NEGATIVE_INFINITY;
  #cancelTick: Cancel = () => undefined;
  #closing: Promise<void> | undefined;

  private constructor(parts: GateParts) {
    this.#parts = parts;
    this.#watchers = new Watchers((fault) => this.#faults.raise(fault));
    this.#journal = new EventJournal({
      sink: parts.store,
      logger: parts.logger,
      onStored: (numbered) => this.#watchers.tell((watcher) => watcher.onEvent?.(numbered)),
      onFailure: (error) => this.#storeWatch.distrust(error),
    });
    this.#faults = new FaultBoard((event) => this.#journal.append(event), parts.logger);
    this.#storeWatch = new StoreWatch(parts.store, this.#faults, (gallery) =>
      noteGallerySize(this.#faults, gallerySize(gallery, parts.attendant.policy)),
    );
    this.#clockTrust = new ClockTrust(parts.clock, parts.store);
    this.#camera = new CameraWatch({
      ...parts,
      faults: this.#faults,
      onFrame: () => this.#worked('camera'),
      onFault: () => this.#attend(undefined),
    });
    this.#vision = new VisionWatch({
      clock: parts.clock,
      faults: this.#faults,
      open: parts.openVision,
      mend: parts.mendVision,
      onObservation: (observation) => this.#observe(observation),
      onFault: () => this.#attend(undefined),
      onState: (state) => this.#seeing(state),
    });
    this.#page = new WallPage({
      clock: parts.clock,
      open: parts.openPage,
      onFault: (fault) => this.#faults.raise(fault),
      onOpen: () => this.#faults.clear('PORTICO_KIOSK_UNAVAILABLE'),
    });
  }

  /**
   * Starts the stages in the order in which they need one another. A camera, a page, or with `mendVision`
   * models that cannot be had are a fault that heals; a door policy that makes no sense is an error.
   * @throws PorticoError of the part that failed; whatever was opened is closed again
   */
  static async start(parts: GateParts, watcher?: GateWatcher): Promise<Gate> {
    const gate = new Gate(parts);
    if (watcher !== undefined) gate.watch(watcher);
    try {
      await gate.#open();
      return gate;
    } catch (error) {
      await gate.close();
      throw error;
    }
  }

  get pageUrl(): string | undefined {
    return this.#page.url;
  }

  /** Whoever finds a fault beside the gate raises it here; it stops nothing by itself. */
  get faults(): FaultBoard {
    return this.#faults;
  }

  /** Other hours and holidays, from the next frame on. */
  adoptPolicy(policy: CheckedPolicy): void {
    this.#parts.attendant.adoptPolicy(policy);
    const { gallery } = this.#storeWatch;
    if (gallery !== undefined) noteGallerySize(this.#faults, gallerySize(gallery, policy));
  }

  /** A badge, a code or a message says who stands there; see {@link Attendant.claim}. */
  claim(identityId: string): void {
    this.#parts.attendant.claim(identityId, CLAIM_MS);
    this.#parts.logger.info({ event: 'access.claimed', identityId }, 'somebody claims an identity');
  }

  /** @returns a function that ends it */
  watch(watcher: GateWatcher): () => void {
    return this.#watchers.add(watcher);
  }

  /** Undefined where it stands alone. */
  get site(): GateSite | undefined {
    return this.#site;
  }

  get doorStatus(): DoorStatus | undefined {
    return this.#door?.status();
  }

  get cameraHealth(): CameraWatch['health'] {
    return this.#camera.health;
  }

  /** One pulse for somebody entitled who is not here; what the order must be is checked by the door. */
  async openByOrder(order: OperatorOrder): Promise<Entry> {
    return (await this.#door?.openByOrder(order)) ?? { outcome: 'refused', because: 'closed-down' };
  }

  /** Ends a running pulse before its time. */
  async relock(): Promise<void> {
    await this.#door?.relock();
  }

  /** Into the numbered events: what somebody beside the gate has seen or refused. Never throws. */
  report(event: GateEvent): void {
    this.#journal.append(event);
  }

  /** @throws PORTICO_STORE_* when the lock-down holds, but would not outlive a restart */
  async lockDown(): Promise<void> {
    await this.#door?.lockDown();
  }

  /** @throws PORTICO_STORE_* when that cannot be noted; the lock-down then stays */
  liftLockDown(): void {
    this.#door?.liftLockDown();
  }

  /** Somebody has changed the roster: looks now rather than with the next tick. Never throws. */
  followRoster(): void {
    this.#storeWatch.follow();
  }

  /** The store failed whoever works beside the gate. Never throws. */
  distrustStore(error: unknown): void {
    this.#storeWatch.distrust(error);
  }

  /** Door first, so that nothing later in the list can keep the strike energised. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #open(): Promise<void> {
    const parts = this.#parts;
    this.#storeWatch.follow();
    this.#clockVerdict();
    const listener: DoorListener = {
      onEvent: (event) => this.#journal.append(event),
      onStatus: (status) => this.#watchers.tell((watcher) => watcher.onDoor?.(status)),
    };
    this.#door = await DoorKeeper.open({
      store: parts.store,
      storeWatch: this.#storeWatch,
      clockTrust: this.#clockTrust,
      journal: this.#journal,
      openDoor: (isLockedDown) => parts.openDoor(listener, isLockedDown),
    });
    this.#site = await parts.openSite?.(this);
    await this.#page.open();
    await this.#vision.open();
    this.#journal.append({
      type: 'gate.started',
      version: parts.version,
      provider: this.#provider,
      ...(parts.livenessWaiver === undefined ? {} : { livenessWaiver: parts.livenessWaiver }),
    });
    this.#hasStarted = true;
    this.#cancelTick = parts.clock.every(TICK_MS, () => this.#tick());
    await this.#camera.open();
  }

  async #close(): Promise<void> {
    const { logger, store } = this.#parts;
    this.#cancelTick();
    const steps: readonly (readonly [string, () => Promise<void> | undefined])[] = [
      ['door', () => this.#door?.close()],
      ['site', () => this.#site?.close()],
      ['home', () => this.#parts.home?.close()],
      ['camera', () => this.#camera.close()],
      ['vision', () => this.#vision.close()],
      ['page', () => this.#page.close()],
      ['art', () => this.#parts.art?.close()],
    ];
    for (const [part, end] of steps) {
      try {
        await end();
      } catch (error) {
        logger.error({ event: 'gate.close-failed', part, error }, 'a part did not close');
      }
    }
    if (this.#hasStarted) this.#journal.append({ type: 'gate.stopped' });
    store.close();
  }

  #observe(observation: Observation): void {
    this.#observedAtMs = this.#parts.clock.now();
    this.#worked('vision');
    this.#attend(observation);
  }

  #attend(observation: Observation | undefined): void {
    const door = this.#door;
    if (door === undefined || this.#closing !== undefined) return;
    const status = door.status();
    const attendance = this.#judge(observation, status);
    if (attendance === undefined) return;
    this.#worked('decision');
    if (attendance.challenge !== undefined) this.#vision.ask(attendance.challenge);
    for (const action of attendance.step.actions) this.#act(action, door);
    this.#show(attendance, observation, status);
    this.#watchers.tell((watcher) => watcher.onAttendance?.(attendance, observation));
  }

  /** Undefined when the judgement itself failed, for good: then nothing acts on what was seen. */
  #judge(observation: Observation | undefined, status: DoorStatus): Attendance | undefined {
    const circumstances = {
      health: this.#health(status),
      gallery: this.#storeWatch.gallery,
      isDoorPassable: status.unlockedUntilMs !== undefined || status.contact === 'open',
      isVouchedFor: (identityId: string) =>
        this.#standsAlone || this.#site?.isVouchedFor(identityId) === true,
    };
    try {
      return this.#parts.attendant.attend(observation, circumstances);
    } catch (error) {
      const isNews = !this.#isDefective;
      this.#isDefective = true;
      this.#faults.raise(asFault(error));
      if (isNews) this.#attend(undefined);
      return undefined;
    }
  }

  get #standsAlone(): boolean {
    return this.#parts.openSite === undefined;
  }

  #health(status: DoorStatus): GateHealth {
    const clock = this.#clockVerdict();
    const isStoreWell = this.#storeWatch.gallery !== undefined && !this.#journal.isBehind;
    return {
      lockDown: status.isLockedDown ? 'in-force' : 'lifted',
      camera: this.#camera.health,
      stages: this.#isDefective ? 'fault' : this.#vision.stages,
      store: isStoreWell ? 'trusted' : 'fault',
      clock,
      roster: this.#standsAlone ? 'everybody' : this.#site?.rosterTrust,
    };
  }

  /** Unknown where the store, which knows how late it has been, cannot be asked. */
  #clockVerdict(): GateHealth['clock'] {
    const verdict = this.#storeWatch.read(() => this.#clockTrust.verdict());
    if (verdict === 'trusted') this.#faults.clear('PORTICO_CLOCK_UNTRUSTED');
    if (verdict === 'untrusted') this.#faults.raise(clockUntrusted());
    return verdict;
  }

  #act(action: VisitAction, door: DoorKeeper): void {
    if (action.kind === 'report') this.#journal.append(action.event);
    else void this.#openFor(action.grant, door);
  }

  async #openFor(grant: Grant, door: DoorKeeper): Promise<void> {
    const entry = await door.openFor(grant);
    // The door stands open for somebody already: this person may go through as well.
    if (entry.outcome === 'opened' || entry.because === 'already-open') return;
    const { identityId } = grant;
    const { because } = entry;
    this.#parts.attendant.noteDoorRefusal();
    this.#parts.logger.warn(
      { event: 'door.refused', identityId, because },
      'the door did not follow a grant',
    );
  }

  #show(attendance: Attendance, observation: Observation | undefined, door: DoorStatus): void {
    if (!this.#page.isOpen) return;
    const { advice } = attendance.step;
    const welcomeName =
      advice.kind === 'welcome'
        ? this.#storeWatch.read((store) => store.identity(advice.identityId)?.name)
        : undefined;
    const state = pageState({
      advice,
      door,
      faults: this.#faults.codes(),
      face: observation?.subject?.box,
      progress: attendance.progress,
      isAway: this.#site?.isAway === true,
      frame: this.#parts.slots.size,
      livenessWaiver: this.#parts.livenessWaiver,
      welcomeName,
    });
    this.#watchers.shield(() => {
      this.#page.publish(state);
      this.#worked('page');
    });
  }

  /** The slow heartbeat: follows the roster, and speaks when no observation does. */
  #tick(): void {
    this.#journal.catchUp();
    this.#storeWatch.follow();
    if (!this.#journal.isBehind) this.#storeWatch.noteHealth();
    if (this.#storeWatch.gallery !== undefined) this.#worked('store');
    if (this.#door?.status() !== undefined) this.#worked('door');
    if (this.#parts.clock.now() - this.#observedAtMs >= SILENCE_MS) this.#attend(undefined);
  }

  #seeing(state: VisionState): void {
    this.#provider = state.kind === 'ready' ? state.provider : 'none';
    this.#watchers.tell((watcher) => watcher.onVision?.(state));
  }

  #worked(stage: GateStage): void {
    this.#watchers.tell((watcher) => watcher.onWork?.(stage));
  }
}
