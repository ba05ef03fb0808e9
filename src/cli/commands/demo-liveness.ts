import type { ChallengeReport } from '../../domain/challenge.ts';
import type { DenyReason } from '../../domain/deny-reasons.ts';
import type { GateEvent, NumberedEvent } from '../../domain/events.ts';
import { challengeOf } from '../../domain/liveness.ts';
import type { Attendance } from '../../runtime/attendant.ts';
import type { GateWatcher } from '../../runtime/gate-watcher.ts';
import type { LivingSceneName, LivingStage } from '../composition.ts';
import { type DemoSite, onDemoSite, pause, withDemoGate } from '../demo-site.ts';
import { Narrator } from '../narrator.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

type Outcome = 'granted' | 'denied' | 'nothing';

interface LivingVisit {
  readonly scene: LivingSceneName;
  readonly expected: Outcome;
  readonly outcome: Outcome;
  readonly reasons: readonly string[];
  /** Things that the page asked for. */
  readonly asked: readonly string[];
  /** From the beginning of the scene to the decision. */
  readonly decidedAfterMs: number | null;
}

/** The picture first: nothing that it does may help or hinder the person who comes after. */
const PROGRAMME: readonly (readonly [LivingSceneName, Outcome])[] = [
  ['badge-photo', 'denied'],
  ['resident', 'granted'],
];
/** What looking on longer does not change. */
const FINAL: ReadonlySet<DenyReason> = new Set(['attack-suspected', 'challenge-failed']);
const EMPTY_MS = 2_000;
/** Looking on, and two challenges of three actions that nobody answers. */
const LONGEST_VISIT_MS = 45_000;

/**
 * With liveness required: a print of the resident's own badge photo is held to the camera, then she
 * comes herself and does what the page asks.
 */
export async function demoLiveness(session: Session, port: number): Promise<number> {
  const settings = {
    liveness: { required: true },
    kiosk: { port },
    openStage: session.composition.openLivingStage,
  };
  return await onDemoSite(session, settings, (site) => play(session, site));
}

async function play(session: Session, site: DemoSite<LivingStage>): Promise<number> {
  const { terminal, signal } = session;
  const { stage } = site;
  terminal.say('enrolled "resident" from one photograph; liveness is required');
  const watcher = new LivingWatcher(session, stage);
  return await withDemoGate(session, site, watcher, async () => {
    const visits: LivingVisit[] = [];
    for (const [scene, expected] of PROGRAMME) {
      stage.play('empty');
      await pause(session, EMPTY_MS);
      terminal.say(`\n── scene: ${scene} (expected: ${expected})`);
      watcher.begin();
      stage.play(scene);
      await Promise.race([watcher.decided, pause(session, LONGEST_VISIT_MS)]);
      if (signal.aborted) return EXIT.interrupted;
      visits.push({ scene, expected, ...watcher.summary() });
    }
    const ok = visits.every(({ expected, outcome }) => expected === outcome);
    terminal.result({ visits, ok });
    terminal.say(
      ok
        ? terminal.style('green', '✔ the picture stayed out, the person got in')
        : terminal.style('red', '✖ an outcome was wrong'),
    );
    return ok ? EXIT.ok : EXIT.no;
  });
}

/** Narrates, reads the page for the resident, and remembers what came of the scene. */
class LivingWatcher implements GateWatcher {
  readonly #session: Session;
  readonly #stage: LivingStage;
  readonly #narrator: Narrator;
  decided: Promise<void> = Promise.resolve();
  #decide: () => void = () => undefined;
  #beganAtMs = Number.NaN;
  #decidedAtMs = Number.NaN;
  #event: GateEvent | undefined;
  #asked: string[] = [];
  #step = '';

  constructor(session: Session, stage: LivingStage) {
    this.#session = session;
    this.#stage = stage;
    this.#narrator = new Narrator(session.terminal);
  }

  begin(): void {
    this.#event = undefined;
    this.#asked = [];
    this.#step = '';
    this.#beganAtMs = this.#session.composition.clock.now();
    this.decided = new Promise((resolve) => {
      this.#decide = resolve;
    });
  }

  onAttendance(...seen: Parameters<Narrator['onAttendance']>): void {
    this.#narrator.onAttendance(...seen);
    const [attendance, observation] = seen;
    const liveness = observation?.subject?.liveness;
    if (liveness !== undefined) this.#follow(attendance, challengeOf(liveness));
  }

  onEvent(numbered: NumberedEvent): void {
    this.#narrator.onEvent(numbered);
    const { event } = numbered;
    if (event.type !== 'access.granted' && event.type !== 'access.denied') return;
    this.#event = event;
    this.#decidedAtMs = this.#session.composition.clock.now();
    // On a busy machine tracks break and visits end with nothing proven; whoever still stands there goes on.
    if (event.type === 'access.granted' || event.reasons.some((reason) => FINAL.has(reason))) {
      this.#decide();
    }
  }

  summary(): Omit<LivingVisit, 'scene' | 'expected'> {
    const event = this.#event;
    const asked = this.#asked;
    if (event === undefined)
      return { outcome: 'nothing', reasons: [], asked, decidedAfterMs: null };
    const decidedAfterMs = Math.round(this.#decidedAtMs - this.#beganAtMs);
    return event.type === 'access.denied'
      ? { outcome: 'denied', reasons: event.reasons, asked, decidedAfterMs }
      : { outcome: 'granted', reasons: [], asked, decidedAfterMs };
  }

  /** Once for each thing that the page has come to ask for. */
  #follow({ step: { advice } }: Attendance, report: ChallengeReport | undefined): void {
    if (advice.kind !== 'challenge' || report === undefined) return;
    const { action, done, total } = advice;
    const step = `${report.orderId}:${done}`;
    if (step === this.#step) return;
    this.#step = step;
    this.#asked.push(action);
    this.#session.terminal.say(`   the page asks: ${action} (${done + 1} of ${total})`);
    this.#stage.prompt(action);
  }
}
