import { loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { memoryUsage } from 'node:process';
import type { Command } from 'commander';
import type { NumberedEvent } from '../../domain/events.ts';
import type { Observation } from '../../domain/observation.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import { benchReport, renderBench } from '../../evaluation/bench-report.ts';
import { BenchSamples, type MemorySample } from '../../evaluation/bench-samples.ts';
import type { RungReport } from '../../inference/providers.ts';
import type { Attendance } from '../../runtime/attendant.ts';
import type { GateWatcher } from '../../runtime/gate-watcher.ts';
import type { VisionState } from '../../runtime/vision-watch.ts';
import { type DemoSite, onDemoSite } from '../demo-site.ts';
import { countFrom } from '../parse-count.ts';
import { ReadyCamera } from '../ready-camera.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';
import { addArtBenchCommand } from './bench-art.ts';
import { addBenchSearchCommand } from './bench-search.ts';
import { addSiteBenchCommand } from './bench-site.ts';
import { addSiteGatesCommand } from './bench-site-gates.ts';

interface BenchOptions {
  readonly frames: number;
  readonly liveness?: boolean;
}

const WARM_UP_FRAMES = 30;
/** Drawn beforehand: the resident at the door, breathing and with fresh noise in each. */
const DRAWN_FRAMES = 48;
const DELAY_RESOLUTION_MS = 2;
const NANOSECONDS = 1e6;
const MEMORY_EVERY_FRAMES = 10;

export function addBenchCommand(program: Command, run: RunCommand): void {
  const command = program
    .command('bench')
    .description(
      'the whole gate on drawn frames of one face, as fast as vision can: time per stage, overhead, memory',
    )
    .option(
      '--frames <count>',
      'how many are measured, after a warm-up',
      countFrom(20, 10_000_000),
      300,
    )
    .option('--liveness', 'with liveness required: states its share of the time')
    .addHelpText('after', '\nExample:\n  portico bench --frames 20000 --json')
    .action((options: BenchOptions) => run((session) => bench(session, options)));
  addBenchSearchCommand(command, run);
  addArtBenchCommand(command, run);
  addSiteBenchCommand(command, run);
  addSiteGatesCommand(command, run);
}

async function bench(session: Session, { frames, liveness }: BenchOptions): Promise<number> {
  const beganMs = session.composition.clock.now();
  const settings = {
    liveness:
      liveness === true ? { required: true } : { waivedBecause: 'measurement with drawn visitors' },
    kiosk: { port: 0 },
    openStage: session.composition.openDemoStage,
  };
  return await onDemoSite(session, settings, (site) => measure(session, site, frames, beganMs));
}

async function measure(
  session: Session,
  { config, store, stage }: DemoSite,
  frames: number,
  beganMs: number,
): Promise<number> {
  const { composition, terminal, signal } = session;
  const { clock } = composition;
  const camera = new ReadyCamera(clock, stage.camera.size, stage.drawAtDoor(DRAWN_FRAMES));
  const watcher = new BenchWatcher(clock, camera, frames);
  const logger = session.logger(config);
  const gate = await composition.startGate({ config, store, logger, watcher, camera });
  const readyMs = Math.round(clock.now() - beganMs);
  const cancelBar = clock.every(250, () =>
    terminal.bar('measuring', watcher.samples.count / frames, `${watcher.samples.count} frames`),
  );
  await Promise.race([watcher.done, untilStopped(signal)]);
  watcher.stop();
  cancelBar();
  await gate.close();
  if (signal.aborted) return EXIT.interrupted;
  const report = benchReport({
    ...watcher.run(),
    startUp: { readyMs, firstDecisionMs: Math.round(watcher.firstDecisionAtMs - beganMs) },
  });
  const loadAverage = Math.round((loadavg()[0] ?? 0) * 100) / 100;
  terminal.result({ ...report, loadAverage });
  terminal.clearBar();
  terminal.say(renderBench(report, watcher.samples));
  terminal.say(`  load average of the machine meanwhile: ${loadAverage}`);
  return EXIT.ok;
}

/** Sits beside the gate, takes the times from its observations, and keeps the camera ahead of it. */
class BenchWatcher implements GateWatcher {
  readonly samples: BenchSamples;
  readonly done: Promise<void>;
  firstDecisionAtMs = Number.NaN;
  readonly #clock: Clock;
  readonly #camera: ReadyCamera;
  readonly #frames: number;
  readonly #delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  readonly #memory: MemorySample[] = [];
  #provider = 'unknown';
  #ladder: readonly RungReport[] = [];
  #seen = 0;
  #beganMs = Number.NaN;
  #endedMs = Number.NaN;
  #finish: () => void = () => undefined;

  constructor(clock: Clock, camera: ReadyCamera, frames: number) {
    this.#clock = clock;
    this.#camera = camera;
    this.#frames = frames;
    this.samples = new BenchSamples(frames);
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  onVision(state: VisionState): void {
    this.#ladder = state.kind === 'ready' ? state.ladder : [];
  }

  onEvent({ event }: NumberedEvent): void {
    if (event.type === 'gate.started') this.#provider = event.provider;
    if (event.type.startsWith('access.') && Number.isNaN(this.firstDecisionAtMs)) {
      this.firstDecisionAtMs = this.#clock.now();
    }
  }

  onAttendance(_attendance: Attendance, observation: Observation | undefined): void {
    if (observation === undefined) return;
    this.#camera.advance();
    this.#seen += 1;
    if (this.#seen === WARM_UP_FRAMES) this.#begin();
    if (this.#seen <= WARM_UP_FRAMES) return;
    this.samples.add(observation.timings);
    const { count } = this.samples;
    if (count % MEMORY_EVERY_FRAMES === 0) {
      this.#memory.push({ frame: count, bytes: memoryUsage.rss() });
    }
    if (count === this.#frames) this.stop();
  }

  stop(): void {
    if (Number.isNaN(this.#endedMs)) this.#endedMs = this.#clock.now();
    this.#delay.disable();
    this.#finish();
  }

  run(): Omit<Parameters<typeof benchReport>[0], 'startUp'> {
    return {
      provider: this.#provider,
      ladder: this.#ladder,
      samples: this.samples,
      elapsedMs: this.#endedMs - this.#beganMs,
      // What the monitor records includes its own period.
      eventLoopDelayP99Ms: Math.max(
        0,
        this.#delay.percentile(99) / NANOSECONDS - DELAY_RESOLUTION_MS,
      ),
      memory: this.#memory,
    };
  }

  #begin(): void {
    this.#beganMs = this.#clock.now();
    this.#delay.enable();
  }
}
