import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../../config/schema.ts';
import type { ArtControl } from '../../domain/art.ts';
import { frameBytes } from '../../domain/frame.ts';
import type { Observation } from '../../domain/observation.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import {
  ART_MODES,
  type ArtMode,
  artLatencyReport,
  renderArtLatency,
} from '../../evaluation/art-latency.ts';
import type { ArtProbe } from '../../idle/gate/art-desk.ts';
import type { Attendance } from '../../runtime/attendant.ts';
import type { GateWatcher } from '../../runtime/gate-watcher.ts';
import { type DemoSite, onDemoSite } from '../demo-site.ts';
import { ensureModels } from '../ensure-models.ts';
import { countFrom } from '../parse-count.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { SwitchedCamera } from '../switched-camera.ts';
import { EXIT } from '../terminal.ts';

interface ArtBenchOptions {
  readonly visits: number;
}

const BACKBONE = 'style-backbone';
const PICTURES = 'demo-photos';
const FRAMES_PER_SECOND = 15;
const DRAWN_FRAMES = 24;
const WALL_GREY = 128;
/** Visits under one mode before it is the next one's turn: what the machine does besides hits all alike. */
const BLOCK = 5;
/** The wall between two visits; then a random wait, so that no run is met at the same moment twice. */
const EMPTY_MS = 1_200;
const RANDOM_MS = 400;
/** Painting begins so long after the last face: much sooner than at a door, so that it is always met. */
const RESUME_S = 0.5;
const GIVE_UP_MS = 120_000;
/** A painter that is starved of time says late that it has stopped. */
const STILL_WITHIN_MS = 5_000;

/** @param bench the `portico bench` command */
export function addArtBenchCommand(bench: Command, run: RunCommand): void {
  bench
    .command('art')
    .description(
      'the door’s time to a decision while nothing, the fast painter and the slow one paint beside it, in one run',
    )
    .option('--visits <count>', 'under each of the three', countFrom(1, 100_000), 20)
    .addHelpText('after', '\nExample:\n  portico bench art --visits 100 --json')
    .action((_options: unknown, command: Command) =>
      run((session) => benchArt(session, command.opts<ArtBenchOptions>())),
    );
}

async function benchArt(session: Session, { visits }: ArtBenchOptions): Promise<number> {
  const settings = {
    liveness: { waivedBecause: 'measurement with drawn visitors' },
    kiosk: { port: 0 },
    openStage: session.composition.openDemoStage,
  };
  return await onDemoSite(session, settings, async (site) => {
    await ensureModels(session, site.config, [BACKBONE]);
    const folder = mkdtempSync(join(tmpdir(), 'portico-bench-art-'));
    let painter: ChildProcess | undefined;
    try {
      const config = withArt(session, site.config, folder);
      painter = startPainter(config, folder);
      return await measure(session, { ...site, config }, visits);
    } finally {
      if (painter !== undefined) await end(painter);
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** Painting as much as it can, so that it is in the way wherever it could be. */
function withArt({ composition }: Session, config: Config, folder: string): Config {
  const [picture] = composition.catalogue(config).pictures(PICTURES);
  return {
    ...config,
    art: {
      ...config.art,
      enabled: true,
      socket: join(folder, 'art.sock'),
      content: 'camera',
      styles: dirname(picture?.path ?? folder),
      slowMinutes: 0.1,
      picturesPerSecond: FRAMES_PER_SECOND,
      resumeAfterS: RESUME_S,
    },
  };
}

/** The art process as a supervisor would start it. */
function startPainter(config: Config, folder: string): ChildProcess {
  const file = join(folder, 'portico.json');
  const { schemaVersion, art, models, inference } = config;
  writeFileSync(file, JSON.stringify({ schemaVersion, art, models, inference, logLevel: 'warn' }));
  const [, main = ''] = process.argv;
  return spawn(process.execPath, [main, '--config', file, 'art', 'run'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function end(painter: ChildProcess): Promise<void> {
  if (painter.exitCode !== null) return;
  const gone = once(painter, 'exit');
  painter.kill('SIGTERM');
  await gone;
}

async function measure(session: Session, site: DemoSite, visits: number): Promise<number> {
  const { composition, terminal, signal } = session;
  const { config, store, stage } = site;
  const { clock } = composition;
  const { size } = stage.camera;
  const wall = [new Uint8Array(frameBytes(size)).fill(WALL_GREY)];
  const visitor = stage.drawAtDoor(DRAWN_FRAMES);
  const camera = new SwitchedCamera(clock, size, {
    frames: wall,
    framesPerSecond: FRAMES_PER_SECOND,
  });
  const observer = new VisitObserver(clock);
  const gate = await composition.startGate({
    config,
    store,
    camera,
    logger: session.logger(config),
    watcher: observer,
    artProbe: observer,
  });
  try {
    await receive(session, { camera, wall, visitor, observer, visits });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await gate.close();
  }
  // Ctrl-C ends a long measurement early; what was measured until then is worth having.
  const isWhole = ART_MODES.every((mode) => observer.samples[mode].decisionMs.length > 0);
  if (!isWhole) return EXIT.interrupted;
  const report = artLatencyReport(observer.samples);
  const loadAverage = Math.round((loadavg()[0] ?? 0) * 100) / 100;
  terminal.result({ ...report, loadAverage });
  terminal.clearBar();
  terminal.say(renderArtLatency(report));
  terminal.say(`  load average of the machine meanwhile: ${loadAverage}`);
  return signal.aborted ? EXIT.interrupted : EXIT.ok;
}

interface Reception {
  readonly camera: SwitchedCamera;
  readonly wall: readonly Uint8Array[];
  readonly visitor: readonly Uint8Array[];
  readonly observer: VisitObserver;
  readonly visits: number;
}

/** One visit after the other, the modes in turn. */
async function receive(
  { composition, terminal, signal }: Session,
  { camera, wall, visitor, observer, visits }: Reception,
): Promise<void> {
  const { clock } = composition;
  for (let done = 0; done < visits; done += BLOCK) {
    for (const mode of ART_MODES) {
      observer.begin(mode);
      for (let visit = done; visit < Math.min(done + BLOCK, visits); visit += 1) {
        signal.throwIfAborted();
        await camera.show(wall);
        await observer.isPainting(signal);
        await clock.sleep(EMPTY_MS + RANDOM_MS * Math.random(), signal);
        observer.expect(await camera.show(visitor));
        await observer.isDecided(signal);
        await observer.isStill(signal);
        terminal.bar('measuring', visit / visits, `${mode}, visit ${visit + 1} of ${visits}`);
      }
    }
  }
}

const noSamples = () => ({
  decisionMs: [] as number[],
  visionMs: [] as number[],
  stopMs: [] as number[],
});

/** Sits beside gate and art and takes the times of visits. */
class VisitObserver implements GateWatcher, ArtProbe {
  readonly samples = { off: noSamples(), fast: noSamples(), slow: noSamples() };
  readonly #clock: Clock;
  #control: ArtControl | undefined;
  #mode: ArtMode = 'off';
  #pictures = 0;
  #hasStopped = false;
  #appearedAtMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(mode: ArtMode): void {
    this.#mode = mode;
    this.#control?.change(
      mode === 'off' ? { isOn: false } : { isOn: true, manner: mode, style: 'every' },
    );
  }

  /** Resolves when a picture has come since the last visit, where any is painted. */
  async isPainting(signal: AbortSignal): Promise<void> {
    this.#pictures = 0;
    if (this.#mode !== 'off') await this.#until(() => this.#pictures > 0, signal);
  }

  /** @param atMs  when the first frame with a face stood ready */
  expect(atMs: number): void {
    this.#appearedAtMs = atMs;
    this.#hasStopped = false;
  }

  isDecided(signal: AbortSignal): Promise<void> {
    return this.#until(() => this.#appearedAtMs === undefined, signal);
  }

  /** Resolves when the painter has said that it stopped, so that it is counted under its mode. */
  async isStill(signal: AbortSignal): Promise<void> {
    if (this.#mode === 'off') return;
    await this.#until(() => this.#hasStopped, signal, STILL_WITHIN_MS);
  }

  onControl(control: ArtControl): void {
    this.#control = control;
  }

  onPicture(): void {
    this.#pictures += 1;
  }

  onStopped(afterMs: number): void {
    this.#hasStopped = true;
    if (this.#mode !== 'off') this.samples[this.#mode].stopMs.push(afterMs);
  }

  onAttendance({ decision }: Attendance, observation: Observation | undefined): void {
    if (observation?.subject === undefined || this.#appearedAtMs === undefined) return;
    const { total } = observation.timings;
    const samples = this.samples[this.#mode];
    if (total !== undefined) samples.visionMs.push(total);
    if (decision.outcome !== 'grant') return;
    samples.decisionMs.push(this.#clock.now() - this.#appearedAtMs);
    this.#appearedAtMs = undefined;
  }

  async #until(holds: () => boolean, signal: AbortSignal, withinMs = GIVE_UP_MS): Promise<void> {
    const deadlineMs = this.#clock.now() + withinMs;
    while (!holds() && this.#clock.now() < deadlineMs) await this.#clock.sleep(20, signal);
  }
}
