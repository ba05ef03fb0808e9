import type { Config } from '../../config/schema.ts';
import type { DenyReason } from '../../domain/deny-reasons.ts';
import { EvaluationError } from '../../domain/errors.ts';
import type { Observation } from '../../domain/observation.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { RosterPerson } from '../../domain/roster.ts';
import { Patience } from '../../evaluation/site/patience.ts';
import type { SiteFigures } from '../../evaluation/site/render-site-figures.ts';
import { spreadOf } from '../../evaluation/site/spread.ts';
import type { TrialSite } from '../../evaluation/site/trial-site.ts';
import type { Attendance } from '../../runtime/attendant.ts';
import { encoderIds } from '../../runtime/encoder-ids.ts';
import type { GateWatcher } from '../../runtime/gate-watcher.ts';
import type { DemoStage } from '../composition.ts';
import { type DemoSite, onDemoSite } from '../demo-site.ts';
import type { Session } from '../session.ts';
import { SwitchedCamera } from '../switched-camera.ts';

const GATE = 'gate-whole';
const RESIDENT = 'resident';
const FRAMES_PER_SECOND = 15;
const DRAWN_FRAMES = 24;
const POLL_MS = 20;
/** At the default of 1e-4 the shipped calibration has a threshold for up to 10,000 templates, and visitors come on top. */
const TARGET_FPIR = 1e-3;
/** Why somebody is refused who is not in the roster. */
const STRANGER: ReadonlySet<DenyReason> = new Set<DenyReason>(['no-match', 'gallery-empty']);
const GIVE_UP_MS = 120_000;

/**
 * Somebody stands before the camera of a whole gate, camera to relay, and is enrolled at the desk; then
 * revoked, still standing there; and so on.
 * @param people  in the roster when this begins
 */
export async function measureDoor(
  session: Session,
  site: TrialSite,
  { people, visits }: { readonly people: number; readonly visits: number },
): Promise<SiteFigures['door']> {
  const [passport = ''] = await site.provision([GATE]);
  const settings = {
    liveness: { waivedBecause: 'measurement with drawn visitors' },
    kiosk: { port: 0 },
    openStage: async (config: Config): Promise<DemoStage> =>
      takenAtTheDoor(await session.composition.openDemoStage(config)),
  };
  return await onDemoSite(session, settings, async (demo) => {
    const [modelId] = encoderIds(demo.config);
    const [embedding = new Float32Array()] = demo.store.snapshot().vectorsOf(RESIDENT, modelId);
    demo.store.deleteIdentity(RESIDENT);
    const config = {
      ...demo.config,
      site: { ...demo.config.site, passport },
      policy: { ...demo.config.policy, targetFpir: TARGET_FPIR },
    };
    const visitor = { modelId, embedding };
    return await receive(session, site, { gate: { ...demo, config }, visitor, people, visits });
  });
}

/**
 * A person as a gate itself takes them in. The more people, the stricter the threshold: one photograph
 * in other light, as the demonstration enrols, is not always enough among ten thousand.
 */
function takenAtTheDoor(stage: DemoStage): DemoStage {
  const { size } = stage.camera;
  const [rgb = stage.enrolmentPhoto.rgb] = stage.drawAtDoor(1);
  return {
    camera: stage.camera,
    sceneMs: stage.sceneMs,
    play: (scene) => stage.play(scene),
    drawAtDoor: (count) => stage.drawAtDoor(count),
    enrolmentPhoto: { rgb, ...size },
  };
}

interface Reception {
  readonly gate: DemoSite;
  readonly visitor: Visitor;
  readonly people: number;
  readonly visits: number;
}

/** What the photograph of the person at the door came to. */
interface Visitor {
  readonly modelId: string;
  readonly embedding: Float32Array;
}

async function receive(
  session: Session,
  site: TrialSite,
  { gate: { config, store, stage }, visitor, people, visits }: Reception,
): Promise<SiteFigures['door']> {
  const { composition, terminal, signal } = session;
  const { clock } = composition;
  const camera = new SwitchedCamera(clock, stage.camera.size, {
    frames: stage.drawAtDoor(DRAWN_FRAMES),
    framesPerSecond: FRAMES_PER_SECOND,
  });
  const watcher = new DoorObserver(clock);
  const logger = session.logger(config);
  const gate = await composition.startGate({
    config,
    store,
    logger,
    watcher,
    camera,
    speaksAbroad: true,
  });
  try {
    const patience = new Patience('the roster of the whole gate', clock);
    while (store.identities().length < people) {
      const here = store.identities().length;
      patience.note(here);
      terminal.bar('the roster arrives', here / people, `${here} people`);
      await clock.sleep(POLL_MS, signal);
    }
    const admitted: number[] = [];
    const refused: number[] = [];
    for (let visit = 0; visit < visits; visit += 1) {
      terminal.bar('people at the camera', visit / visits, `visit ${visit + 1} of ${visits}`);
      await watcher.next('stranger', signal);
      const person = enrolled(visit, visitor, clock);
      const publishedAt = clock.now();
      await site.desk.publishRecord(person);
      admitted.push((await watcher.next('grant', signal)) - publishedAt);
      await site.desk.publishHead();
      const revokedAt = clock.now();
      await site.desk.publishTombstone(person.identity.identityId);
      refused.push((await watcher.next('stranger', signal)) - revokedAt);
      await site.desk.publishHead();
    }
    return { people, admittedMs: spreadOf(admitted), refusedMs: spreadOf(refused) };
  } finally {
    await gate.close();
  }
}

/** The same face under another id each time, as an identity that was deleted stays deleted. */
function enrolled(visit: number, { modelId, embedding }: Visitor, clock: Clock): RosterPerson {
  const identityId = `p-at-the-door-${visit}`;
  const templateId = `t-at-the-door-${visit}`;
  const enrolledAtMs = clock.wall();
  return {
    identity: { identityId, name: 'Somebody at the door' },
    templates: [{ templateId, identityId, modelId, embedding, enrolledAtMs }],
  };
}

type Verdict = 'grant' | 'stranger';

/** Hears what the gate decides about the person in each frame. */
class DoorObserver implements GateWatcher {
  readonly #clock: Clock;
  readonly #decidedAtMs = new Map<Verdict, number>();
  #last = 'nobody was seen';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  onAttendance({ decision }: Attendance, observation: Observation | undefined): void {
    if (observation?.subject === undefined) return;
    const { similarity = Number.NaN, threshold = Number.NaN } = decision;
    this.#last = `${decision.outcome}, ${similarity.toFixed(3)} against ${threshold.toFixed(3)}`;
    if (decision.outcome === 'grant') this.#note('grant');
    else if (decision.reasons.some((reason) => STRANGER.has(reason))) this.#note('stranger');
  }

  /** @returns when it was first decided so from now on, clock milliseconds */
  async next(verdict: Verdict, signal: AbortSignal): Promise<number> {
    this.#decidedAtMs.clear();
    const deadline = this.#clock.now() + GIVE_UP_MS;
    for (;;) {
      const atMs = this.#decidedAtMs.get(verdict);
      if (atMs !== undefined) return atMs;
      if (this.#clock.now() > deadline) throw neverDecided(verdict, this.#last);
      await this.#clock.sleep(1, signal);
    }
  }

  #note(verdict: Verdict): void {
    if (!this.#decidedAtMs.has(verdict)) this.#decidedAtMs.set(verdict, this.#clock.now());
  }
}

const neverDecided = (verdict: Verdict, last: string): EvaluationError =>
  new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: `the gate did not come to "${verdict}" within ${GIVE_UP_MS / 1_000} s; last: ${last}`,
    remedy: 'Measure on a machine with less to do; `portico bench` says how fast its vision is.',
  });
