import type { Door } from '../access/door.ts';
import type { DoorListener, DoorStatus } from '../access/door-status.ts';
import type { GateHealth } from '../decision/evidence.ts';
import { grantedEvent } from '../decision/granted-event.ts';
import type { VisitAction } from '../decision/visit.ts';
import type { Grant } from '../domain/decision.ts';
import { type DeviceError, PorticoError } from '../domain/errors.ts';
import type { GateEvent, NumberedEvent } from '../domain/events.ts';
import type { Observation } from '../domain/observation.ts';
import type { Camera } from '../domain/ports/camera.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { Gallery } from '../gallery/gallery.ts';
import type { Store } from '../gallery/store.ts';
import type { RungReport } from '../inference/providers.ts';
import type { Kiosk } from '../kiosk/kiosk.ts';
import type { FrameSlots } from '../vision/frame-slots.ts';
import type { Vision, VisionFaultReason, VisionListener } from '../vision/vision-client.ts';
import type { Attendance, Attendant } from './attendant.ts';
import { ClockTrust } from './clock-trust.ts';
import { FaultBoard } from './fault-board.ts';
import { pageState } from './page-state.ts';

export interface GateParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Store;
  readonly camera: Camera;
  readonly slots: FrameSlots;
  readonly attendant: Attendant;
  readonly openDoor: (listener: DoorListener, isLockedDown: boolean) => Promise<Door>;
  readonly openVision: (listener: VisionListener) => Promise<Vision>;
  readonly openPage: (() => Promise<Kiosk>) | undefined;
  readonly livenessWaiver: string | undefined;
  readonly version: string;
}

/** What somebody beside the gate may follow: the terminal, the demonstration, tests. */
export interface GateWatcher {
  onEvent?(event: NumberedEvent): void;
  onAttendance?(attendance: Attendance, observation: Observation | undefined): void;
  onDoor?(status: DoorStatus): void;
}

const LOCK_DOWN_SETTING = 'lock-down';
const TICK_MS = 250;
/** Without an observation for this long, the page and the visit are told that nothing is seen. */
const SILENCE_MS = 1_000;
/** A camera that could not be opened is tried again this often. */
const CAMERA_RETRY_MS = 5_000;

/**
 * The running gate: joins camera, vision, decision, door, store and page, and is the one place where
 * the order of things is written down. All of it on the main thread, none of it waiting.
 */
export class Gate {
  readonly #parts: GateParts;
  readonly #faults: FaultBoard;
  readonly #clockTrust: ClockTrust;
  readonly #watchers = new Set<GateWatcher>();
  #door: Door | undefined;
  #vision: Vision | undefined;
  #page: Kiosk | undefined;
  #gallery: Gallery | undefined;
  #stages: NonNullable<GateHealth['stages']> = 'fault';
  #camera: NonNullable<GateHealth['camera']> = 'fault';
  #observedAtMs = Number.NEGATIVE_INFINITY;
  #cancelTick: Cancel = () => undefined;
  #cancelRetry: Cancel = () => undefined;
  #unsubscribe: () => void = () => undefined;
  #closing: Promise<void> | undefined;

  private constructor(parts: GateParts) {
    this.#parts = parts;
    this.#faults = new FaultBoard((event) => this.#append(event), parts.logger);
    this.#clockTrust = new ClockTrust(parts.clock, parts.store);
  }

  /**
   * Starts the stages in the order in which they need one another. A camera that does not deliver is
   * a fault that heals; a model, a door policy or a page that cannot be had is an error.
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
    return this.#page?.url;
  }

  /** @returns a function that ends it */
  watch(watcher: GateWatcher): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  async lockDown(): Promise<void> {
    this.#parts.store.setSetting(LOCK_DOWN_SETTING, 'in-force');
    await this.#door?.lockDown();
  }

  liftLockDown(): void {
    this.#parts.store.setSetting(LOCK_DOWN_SETTING, 'lifted');
    this.#door?.liftLockDown();
  }

  /** Door first, so that nothing later in the list can keep the strike energised. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #open(): Promise<void> {
    const parts = this.#parts;
    const isLockedDown = parts.store.setting(LOCK_DOWN_SETTING) === 'in-force';
    this.#refreshGallery();
    this.#door = await parts.openDoor(
      { onEvent: (event) => this.#append(event), onStatus: (status) => this.#doorChanged(status) },
      isLockedDown,
    );
    this.#page = await parts.openPage?.();
    let provider = 'none';
    this.#vision = await parts.openVision({
      onObservation: (observation) => this.#observe(observation),
      onFault: (reason, fault) => this.#visionFailed(reason, fault),
      onReady: (ladder) => {
        provider = slowestProvider(ladder);
        this.#stages = 'completed';
        this.#faults.clear('PORTICO_VISION_FAILED', 'PORTICO_MODEL_RUN', 'PORTICO_MODEL_SHAPE');
      },
    });
    this.#append({
      type: 'gate.started',
      version: parts.version,
      provider,
      ...(parts.livenessWaiver === undefined ? {} : { livenessWaiver: parts.livenessWaiver }),
    });
    this.#unsubscribe = parts.slots.subscribe({
      onFrame: () => undefined,
      onCameraFault: (fault) => this.#cameraFailed(fault),
      onCameraRecovery: () => this.#cameraRecovered(),
    });
    this.#cancelTick = parts.clock.every(TICK_MS, () => this.#tick());
    await this.#openCamera();
  }

  /** A camera that is not there yet is a fault that heals when it comes. */
  async #openCamera(): Promise<void> {
    const { camera, slots, clock } = this.#parts;
    try {
      await camera.open(slots);
      this.#cameraRecovered();
    } catch (error) {
      if (!(error instanceof PorticoError)) throw error;
      this.#camera = 'fault';
      this.#faults.raise(error);
      if (this.#closing !== undefined) return;
      this.#cancelRetry = clock.after(CAMERA_RETRY_MS, () => void this.#openCamera());
    }
  }

  async #close(): Promise<void> {
    const { logger, camera, store } = this.#parts;
    this.#cancelTick();
    this.#cancelRetry();
    this.#unsubscribe();
    const steps: readonly (readonly [string, () => Promise<void> | undefined])[] = [
      ['door', () => this.#door?.close()],
      ['camera', () => camera.close()],
      ['vision', () => this.#vision?.close()],
      ['page', () => this.#page?.close()],
    ];
    for (const [part, end] of steps) {
      try {
        await end();
      } catch (error) {
        logger.error({ event: 'gate.close-failed', part, error }, 'a part did not close');
      }
    }
    if (this.#vision !== undefined) this.#append({ type: 'gate.stopped' });
    store.close();
  }

  #observe(observation: Observation): void {
    this.#observedAtMs = this.#parts.clock.now();
    this.#stages = 'completed';
    this.#attend(observation);
  }

  #attend(observation: Observation | undefined): void {
    const door = this.#door;
    if (door === undefined || this.#closing !== undefined) return;
    const status = door.status();
    const attendance = this.#parts.attendant.attend(observation, {
      health: this.#health(status),
      gallery: this.#gallery,
      isDoorPassable: status.unlockedUntilMs !== undefined || status.contact === 'open',
    });
    for (const action of attendance.step.actions) this.#act(action, door);
    this.#show(attendance, observation, status);
    for (const watcher of this.#watchers) watcher.onAttendance?.(attendance, observation);
  }

  #health(status: DoorStatus): GateHealth {
    return {
      lockDown: status.isLockedDown ? 'in-force' : 'lifted',
      camera: this.#camera,
      stages: this.#stages,
      store: this.#gallery === undefined ? 'fault' : 'trusted',
      clock: this.#clockVerdict(),
    };
  }

  #clockVerdict(): NonNullable<GateHealth['clock']> {
    try {
      return this.#clockTrust.verdict();
    } catch (error) {
      this.#storeFailed(error);
      return 'untrusted';
    }
  }

  #act(action: VisitAction, door: Door): void {
    if (action.kind === 'report') this.#append(action.event);
    else void this.#openFor(action.grant, door);
  }

  async #openFor(grant: Grant, door: Door): Promise<void> {
    const outcome = await door.open(grant);
    if (outcome.outcome === 'opened') {
      this.#append(grantedEvent(grant, outcome.energisedAtMs));
      return;
    }
    // The door stands open for somebody already: this person may go through as well.
    if (outcome.because === 'already-open') return;
    this.#parts.attendant.noteDoorRefusal();
    this.#parts.logger.warn(
      { event: 'door.refused', identityId: grant.identityId, because: outcome.because },
      'the door did not follow a grant',
    );
  }

  #show(attendance: Attendance, observation: Observation | undefined, door: DoorStatus): void {
    if (this.#page === undefined) return;
    const { advice } = attendance.step;
    const welcomed = advice.kind === 'welcome' ? this.#nameOf(advice.identityId) : undefined;
    this.#page.publish(
      pageState({
        advice,
        door,
        faults: this.#faults.codes(),
        face: observation?.subject?.box,
        progress: attendance.progress,
        frame: this.#parts.slots.size,
        livenessWaiver: this.#parts.livenessWaiver,
        welcomeName: welcomed,
      }),
    );
  }

  #nameOf(identityId: string): string | undefined {
    try {
      return this.#parts.store.identity(identityId)?.name;
    } catch (error) {
      this.#storeFailed(error);
      return undefined;
    }
  }

  /** The slow heartbeat: follows the roster, and speaks when no observation does. */
  #tick(): void {
    this.#refreshGallery();
    if (this.#parts.clock.now() - this.#observedAtMs >= SILENCE_MS) this.#attend(undefined);
  }

  #refreshGallery(): void {
    const { store } = this.#parts;
    try {
      if (this.#gallery !== undefined && !store.hasChangedSince(this.#gallery)) return;
      this.#gallery = store.snapshot();
      this.#faults.clear('PORTICO_STORE_LOCKED', 'PORTICO_STORE_WRITE');
    } catch (error) {
      this.#storeFailed(error);
    }
  }

  /** A store that cannot be read is not believed: nobody is in the gallery until it can. */
  #storeFailed(error: unknown): void {
    this.#gallery = undefined;
    if (error instanceof PorticoError) this.#faults.raise(error);
    else
      this.#parts.logger.error({ event: 'store.failed', error }, 'the store failed unexpectedly');
  }

  #visionFailed(reason: VisionFaultReason, fault: PorticoError): void {
    this.#stages = reason === 'stage-timeout' ? 'timeout' : 'fault';
    this.#faults.raise(fault);
    this.#attend(undefined);
  }

  #cameraFailed(fault: DeviceError): void {
    this.#camera = 'fault';
    this.#faults.raise(fault);
    this.#attend(undefined);
  }

  #cameraRecovered(): void {
    this.#camera = 'delivering';
    this.#faults.clear(
      'PORTICO_CAMERA_UNAVAILABLE',
      'PORTICO_CAMERA_STALLED',
      'PORTICO_CAMERA_FROZEN',
      'PORTICO_CAMERA_BLACK',
    );
  }

  #doorChanged(status: DoorStatus): void {
    for (const watcher of this.#watchers) watcher.onDoor?.(status);
  }

  /** A store that takes no events is not trusted with decisions either; reporting never throws. */
  #append(event: GateEvent): void {
    try {
      const numbered = this.#parts.store.append(event);
      for (const watcher of this.#watchers) watcher.onEvent?.(numbered);
    } catch (error) {
      const detail = error instanceof Error ? error.message : 'unknown';
      this.#parts.logger.error(
        { event: 'event.lost', type: event.type, detail },
        'an event was not stored',
      );
      this.#storeFailed(error);
    }
  }
}

const slowestProvider = (ladder: readonly RungReport[]): string =>
  ladder.findLast(({ outcome }) => outcome === 'in-use')?.provider ?? 'none';
