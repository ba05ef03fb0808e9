import type { Command } from 'commander';
import type { GateEvent, NumberedEvent } from '../../domain/events.ts';
import type { Gate } from '../../runtime/gate.ts';
import type { GateWatcher } from '../../runtime/gate-watcher.ts';
import { modelsNeededBy } from '../../runtime/needed-models.ts';
import type { DemoSceneName, DemoStage } from '../composition.ts';
import { type DemoSite, onDemoSite, pause, withDemoGate } from '../demo-site.ts';
import { ensureModels } from '../ensure-models.ts';
import { Narrator } from '../narrator.ts';
import { parsePort } from '../parse-port.ts';
import { openPeopleStore } from '../people-store.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';
import { demoLiveness } from './demo-liveness.ts';

export interface DemoOptions {
  readonly once?: boolean;
  readonly liveness?: boolean;
  readonly camera?: string;
  readonly port: number;
}

const WAIVER = 'demonstration on photographs, with a simulated relay';

type Outcome = 'granted' | 'denied' | 'nothing';

interface Visit {
  readonly scene: DemoSceneName;
  readonly expected: Outcome;
  readonly outcome: Outcome;
  readonly reasons: readonly string[];
  readonly frameToRelayMs: number | null;
}

/** An empty scene before and after: what changes nothing must change nothing twice. */
const PROGRAMME: readonly (readonly [DemoSceneName, Outcome])[] = [
  ['empty', 'nothing'],
  ['resident', 'granted'],
  ['stranger', 'denied'],
  ['empty', 'nothing'],
];
const EMPTY_SCENE_MS = 2_000;

export function addDemoCommand(program: Command, run: RunCommand): void {
  program
    .command('demo')
    .description(
      'a scripted visit on a replay camera; with --camera, your own camera and your own people',
    )
    .option('--once', 'end after the visit; exit 0 only if every outcome was right')
    .option(
      '--liveness',
      'liveness required: a print of the badge photo, then the living person, generated; ends after both',
    )
    .option(
      '--camera <source>',
      'v4l2:/dev/video0, csi:0, rtsp://…, file:clip.mp4, dir:frames/, test:',
    )
    .option('--port <port>', 'of the page; 0 takes a free one', parsePort, 8787)
    .addHelpText('after', '\nExample:\n  portico demo --once --json')
    .action((options: DemoOptions) =>
      run((session) => {
        if (options.liveness === true) return demoLiveness(session, options.port);
        return options.camera === undefined
          ? scripted(session, options)
          : onCamera(session, options.camera, options);
      }),
    );
}

async function scripted(session: Session, options: DemoOptions): Promise<number> {
  const began = session.composition.clock.now();
  const settings = {
    liveness: { waivedBecause: WAIVER },
    kiosk: { port: options.port },
    openStage: session.composition.openDemoStage,
  };
  return await onDemoSite(session, settings, (site) => play(session, site, options, began));
}

async function play(
  session: Session,
  site: DemoSite,
  options: DemoOptions,
  began: number,
): Promise<number> {
  const { terminal, signal } = session;
  const { stage } = site;
  terminal.say('enrolled "resident" from one photograph; she comes on another day');
  const watcher = new VisitWatcher(session, began);
  return await withDemoGate(session, site, watcher, async () => {
    let visits = await programme(session, stage, watcher);
    while (options.once !== true && !signal.aborted)
      visits = await programme(session, stage, watcher);
    if (signal.aborted) return EXIT.interrupted;
    return report(session, visits, watcher.firstDecisionMs);
  });
}

function report({ terminal }: Session, visits: readonly Visit[], firstDecisionMs: number): number {
  const ok = visits.every(({ expected, outcome }) => expected === outcome);
  terminal.result({ visits, ok, firstDecisionMs });
  terminal.say(
    ok
      ? terminal.style('green', '✔ every outcome was right')
      : terminal.style('red', '✖ an outcome was wrong'),
  );
  const seconds = (firstDecisionMs / 1000).toFixed(1);
  terminal.say(`first decision ${seconds} s after the start of the command`);
  return ok ? EXIT.ok : EXIT.no;
}

async function programme(
  session: Session,
  stage: DemoStage,
  watcher: VisitWatcher,
): Promise<readonly Visit[]> {
  const visits: Visit[] = [];
  for (const [scene, expected] of PROGRAMME) {
    session.terminal.say(`\n── scene: ${scene} (expected: ${expected})`);
    watcher.begin();
    stage.play(scene);
    await pause(session, scene === 'empty' ? EMPTY_SCENE_MS : stage.sceneMs);
    if (session.signal.aborted) break;
    visits.push({ scene, expected, ...watcher.summary() });
  }
  return visits;
}

/** Your camera, your people: the configured store and policy, but nothing real moves. */
async function onCamera(session: Session, camera: string, options: DemoOptions): Promise<number> {
  const config = session.config({
    camera: { source: camera },
    door: { relay: 'simulated:', inputs: 'none:' },
    policy: { liveness: { waivedBecause: 'demonstration with a simulated relay' } },
    kiosk: { port: options.port },
    logLevel: 'warn',
  });
  await ensureModels(session, config, modelsNeededBy(config));
  const store = openPeopleStore(config, session.composition.clock, true);
  const gate: Gate = await session.composition.startGate({
    config,
    store,
    logger: session.logger(config),
    watcher: new Narrator(session.terminal),
  });
  session.terminal.say(`page: ${gate.pageUrl ?? 'none'}   (Ctrl-C ends)`);
  if (store.identities().length === 0) {
    session.terminal.say('nobody is enrolled yet: portico enrol <id> <photo>');
  }
  session.terminal.say('the idle screen is painted by: portico art run   (in another terminal)');
  await untilStopped(session.signal);
  await gate.close();
  return EXIT.ok;
}

/** Narrates, and remembers what came of the scene that plays. */
class VisitWatcher implements GateWatcher {
  readonly #session: Session;
  readonly #narrator: Narrator;
  readonly #beganMs: number;
  #events: GateEvent[] = [];
  firstDecisionMs = Number.NaN;

  constructor(session: Session, beganMs: number) {
    this.#session = session;
    this.#narrator = new Narrator(session.terminal);
    this.#beganMs = beganMs;
  }

  begin(): void {
    this.#events = [];
  }

  onAttendance(...seen: Parameters<Narrator['onAttendance']>): void {
    this.#narrator.onAttendance(...seen);
  }

  onEvent(numbered: NumberedEvent): void {
    this.#narrator.onEvent(numbered);
    this.#events.push(numbered.event);
    if (numbered.event.type.startsWith('access.') && Number.isNaN(this.firstDecisionMs)) {
      this.firstDecisionMs = Math.round(this.#session.composition.clock.now() - this.#beganMs);
    }
  }

  summary(): Pick<Visit, 'outcome' | 'reasons' | 'frameToRelayMs'> {
    const granted = this.#events.find((event) => event.type === 'access.granted');
    if (granted !== undefined) {
      const frameToRelayMs = Math.round(granted.frameToRelayMs * 10) / 10;
      return { outcome: 'granted', reasons: [], frameToRelayMs };
    }
    const denied = this.#events.find((event) => event.type === 'access.denied');
    if (denied === undefined) return { outcome: 'nothing', reasons: [], frameToRelayMs: null };
    return { outcome: 'denied', reasons: denied.reasons, frameToRelayMs: null };
  }
}
