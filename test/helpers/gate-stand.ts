import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Door } from '../../src/access/door.ts';
import { defaultVisitPolicy } from '../../src/decision/visit-policy.ts';
import type { ChallengeOrder } from '../../src/domain/challenge.ts';
import { PorticoError } from '../../src/domain/errors.ts';
import type { GateEvent } from '../../src/domain/events.ts';
import type { Observation, SubjectObservation } from '../../src/domain/observation.ts';
import type { Store } from '../../src/gallery/store.ts';
import type { KioskState } from '../../src/kiosk/kiosk-state.ts';
import { seededRandom } from '../../src/numeric/random.ts';
import { Attendant } from '../../src/runtime/attendant.ts';
import { Gate, type GateParts } from '../../src/runtime/gate.ts';
import type { GateWatcher } from '../../src/runtime/gate-watcher.ts';
import { FrameSlots } from '../../src/vision/frame-slots.ts';
import type { Vision, VisionFaultReason, VisionListener } from '../../src/vision/vision-client.ts';
import { aCalibration, aPolicy, checked, MODEL_ID } from './decision-builders.ts';
import { POLICY } from './door-stand.ts';
import { FakeClock } from './fake-clock.ts';
import { aFrameOf, aProbe, aSubject } from './observation-builders.ts';
import { RecordingLogger } from './recording-logger.ts';
import { ScriptedCamera } from './scripted-camera.ts';
import { ScriptedInputs } from './scripted-inputs.ts';
import { ScriptedRelay } from './scripted-relay.ts';
import { openTestStore } from './store-bench.ts';
import { unitVector } from './store-data.ts';

/** Durability is not on trial here, and these stores are many. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const DIMENSION = 64;
const SIZE = { widthPx: 8, heightPx: 6 };
export const FRAME_MS = 100;

/** Their faces: directions of their own, far from one another. */
export const FACES = {
  resident: unitVector(11, DIMENSION),
  neighbour: unitVector(12, DIMENSION),
  stranger: unitVector(13, DIMENSION),
} as const;
export type Visitor = keyof typeof FACES;

export interface GateStandOptions {
  readonly isPageless?: boolean;
  /** The page cannot be served so many times. */
  readonly pageFailures?: number;
  readonly livenessWaiver?: string;
  readonly watcher?: GateWatcher;
}

/** The store of the gate, which fails where the test says so. */
function faultyStore(store: Store, failing: Map<keyof Store, unknown>): Store {
  return new Proxy(store, {
    get(target, name) {
      const key = name as keyof Store;
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        if (failing.has(key)) throw failing.get(key);
        return Reflect.apply(value, target, args);
      };
    },
  });
}

export const aStoreFault = (code: 'WRITE' | 'CORRUPT' | 'LOCKED' | 'KEY'): PorticoError =>
  new PorticoError(`PORTICO_STORE_${code}`, { message: 'scripted store fault', remedy: 'none' });

/**
 * A whole gate on a bench: the real door over a scripted relay, the real store in a folder of its
 * own, the real decision; camera, vision and page do as the test says. The resident and the
 * neighbour are enrolled.
 */
export class GateStand {
  readonly clock = new FakeClock();
  readonly relay = new ScriptedRelay(this.clock);
  readonly inputs = new ScriptedInputs();
  readonly logger = new RecordingLogger();
  readonly slots = new FrameSlots(SIZE);
  readonly camera = new ScriptedCamera(SIZE);
  readonly events: GateEvent[] = [];
  readonly shown: KioskState[] = [];
  /** Challenges that the person was asked for. */
  readonly asked: ChallengeOrder[] = [];
  /** Methods of the store that throw what is noted here. */
  readonly failing = new Map<keyof Store, unknown>();
  readonly store: Store;
  isPageBroken = false;
  isVisionUnavailable = false;
  /** Whether a pulse has begun while nobody had a right to it is for the test to say. */
  onPulse: () => void = () => undefined;
  vision: VisionListener | undefined;
  isVisionClosed = false;
  gate: Gate | undefined;
  readonly #folder = mkdtempSync(join(MEMORY, 'portico-gate-'));
  readonly #options: GateStandOptions;
  #sequence = 0;

  constructor(options: GateStandOptions = {}) {
    this.#options = options;
    this.store = openTestStore(join(this.#folder, 'gate.db'), { clock: this.clock });
    for (const identityId of ['resident', 'neighbour'] as const) {
      const templates = [{ modelId: MODEL_ID, embedding: FACES[identityId] }];
      this.store.enrol({ identityId, name: identityId.toUpperCase(), templates });
    }
    this.relay.onChange((state) => {
      if (state === 'energised') this.onPulse();
    });
  }

  /** @param changes  other parts in the place of the stand's */
  async start(changes: Partial<GateParts> = {}): Promise<Gate> {
    this.gate = await Gate.start(
      { ...this.parts(), ...changes },
      { onEvent: ({ event }) => this.events.push(event), ...this.#options.watcher },
    );
    return this.gate;
  }

  parts(): GateParts {
    const { clock, logger, slots, camera } = this;
    const waiver = this.#options.livenessWaiver;
    const policy = checked(
      aPolicy({
        calibrations: [aCalibration({ dimension: DIMENSION })],
        ...(waiver === undefined ? {} : { liveness: { kind: 'waived', because: waiver } }),
      }),
    );
    return {
      clock,
      logger,
      slots,
      camera,
      store: faultyStore(this.store, this.failing),
      attendant: new Attendant({
        clock,
        chance: seededRandom(1),
        policy,
        visits: defaultVisitPolicy,
        encoder: { modelId: MODEL_ID, dimension: DIMENSION },
      }),
      openDoor: (listener, isLockedDown) =>
        Door.start({
          relay: this.relay,
          inputs: this.inputs,
          clock,
          policy: POLICY,
          listener,
          log: logger,
          isLockedDown,
        }),
      openVision: (listener) => this.#openVision(listener),
      openPage: this.#options.isPageless === true ? undefined : () => this.#openPage(),
      livenessWaiver: waiver,
      version: 'test',
    };
  }

  /** One frame of this visitor, now. */
  see(visitor: Visitor | undefined, changes: Partial<SubjectObservation> = {}): void {
    const subject =
      visitor === undefined
        ? undefined
        : aSubject({ probes: [aProbe(FACES[visitor])], ...changes });
    this.observe({ ...aFrameOf(this.clock.now(), subject), sequence: this.#sequence + 1 });
  }

  observe(observation: Observation): void {
    this.#sequence = observation.sequence;
    this.vision?.onObservation(observation);
  }

  /** This visitor stands before the camera for so many frames. */
  async visit(
    visitor: Visitor | undefined,
    frames = 6,
    changes: Partial<SubjectObservation> = {},
  ): Promise<void> {
    for (let frame = 0; frame < frames; frame += 1) {
      this.see(visitor, changes);
      await this.clock.advance(FRAME_MS);
    }
  }

  failVision(reason: VisionFaultReason): void {
    const fault = new PorticoError('PORTICO_VISION_FAILED', {
      message: 'scripted vision fault',
      remedy: 'none',
    });
    this.vision?.onFault(reason, fault);
  }

  restartVision(): void {
    this.vision?.onReady([]);
  }

  get page(): KioskState | undefined {
    return this.shown.at(-1);
  }

  types(): readonly string[] {
    return this.events.map(({ type }) => type);
  }

  faultsRaised(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'fault.raised' ? [event.code] : []));
  }

  async close(): Promise<void> {
    const closing = this.gate?.close();
    await this.clock.advance(2_000);
    await closing;
    this.store.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #openVision(listener: VisionListener): Promise<Vision> {
    if (this.isVisionUnavailable) {
      return Promise.reject(
        new PorticoError('PORTICO_MODEL_MISSING', { message: 'no model', remedy: 'none' }),
      );
    }
    this.vision = listener;
    listener.onReady([{ modelId: MODEL_ID, provider: 'cpu', outcome: 'in-use', detail: '' }]);
    const close = (): Promise<void> => {
      this.isVisionClosed = true;
      this.vision = undefined;
      return Promise.resolve();
    };
    const ask = (order: ChallengeOrder): void => {
      this.asked.push(order);
    };
    return Promise.resolve({ ask, close } as unknown as Vision);
  }

  #page(): Awaited<ReturnType<NonNullable<GateParts['openPage']>>> {
    return {
      url: 'http://127.0.0.1:0/',
      viewerCount: 0,
      publish: (state) => {
        if (this.isPageBroken) throw new Error('the page is broken');
        this.shown.push(state);
      },
      close: () => Promise.resolve(),
    };
  }

  #pageAttempts = 0;

  #openPage(): ReturnType<NonNullable<GateParts['openPage']>> {
    this.#pageAttempts += 1;
    if (this.#pageAttempts > (this.#options.pageFailures ?? 0))
      return Promise.resolve(this.#page());
    return Promise.reject(
      new PorticoError('PORTICO_KIOSK_UNAVAILABLE', {
        message: 'the port is taken',
        remedy: 'none',
      }),
    );
  }
}
