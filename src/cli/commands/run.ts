import type { Command } from 'commander';
import type { Config } from '../../config/schema.ts';
import { LifeSigns } from '../../health/life-signs.ts';
import { fanOut } from '../../runtime/fan-out.ts';
import type { Gate } from '../../runtime/gate.ts';
import { HealthService } from '../../runtime/health-service.ts';
import type { GateService } from '../../runtime/site-orders.ts';
import { Vitals } from '../../runtime/vitals.ts';
import { followClaims } from '../follow-claims.ts';
import { GateModels } from '../gate-models.ts';
import { Narrator } from '../narrator.ts';
import { parsePort } from '../parse-port.ts';
import { openPeopleStore } from '../people-store.ts';
import { type ReloadParts, reloadConfig } from '../reload-config.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

interface RunOptions {
  readonly camera?: string;
  readonly port?: number;
  readonly claims?: string;
}

export function addRunCommand(program: Command, run: RunCommand): void {
  program
    .command('run')
    .description(
      'the gate, as configured, until it is stopped; SIGHUP reads the configuration anew',
    )
    .option('--camera <source>', 'instead of the configured one')
    .option('--port <port>', 'of the page; 0 takes a free one', parsePort)
    .option(
      '--claims <device>',
      'badge reader or keypad that writes an id a line: 1:1 for ten seconds',
    )
    .addHelpText('after', '\nExample:\n  portico run --camera v4l2:/dev/video0')
    .action((options: RunOptions) => run((session) => runGate(session, options)));
}

async function runGate(session: Session, options: RunOptions): Promise<number> {
  const { composition, environment } = session;
  const read = (): Config =>
    session.config({
      camera: { source: options.camera },
      kiosk: { port: options.port },
    });
  const config = read();
  const logger = session.logger(config);
  const { clock, version } = composition;
  const vitals = new Vitals({
    clock,
    version,
    hasPage: config.kiosk.enabled,
    residentBytes: () => process.memoryUsage.rss(),
  });
  const watchdog = composition.openWatchdog(environment, logger);
  const signs = new LifeSigns({
    clock,
    logger,
    watchdog,
    heartbeat: vitals.heartbeat,
    faults: () => vitals.faults(),
  });
  try {
    signs.starting();
    const restart = new AbortController();
    const endForAnother = (): void => restart.abort(new Error('to be started again'));
    const models = new GateModels({ session, config, logger, restart: endForAnother });
    await models.ready();
    const store = openPeopleStore(config, clock, true);
    const watcher = fanOut(new Narrator(session.terminal), vitals);
    const reload = reloader(session, { logger, read, config });
    const gate = await composition.startGate({
      config,
      store,
      logger,
      watcher,
      speaksAbroad: true,
      hottestC: () => vitals.hottestC,
      service: {
        reload: () => reload.now(),
        restart: endForAnother,
        adoptModels: (files, by) => models.adopt(files, by),
      },
      mendModels: () => models.mend(),
    });
    let health: HealthService | undefined;
    try {
      const sensors = composition.machineSensors(config);
      health = await HealthService.start({ gate, vitals, config, sensors, clock, logger });
      // Before anybody is told that the gate stands: an unheard hang-up would end it.
      const endReloading = reload.onHangUp(gate);
      signs.ready();
      models.follow(gate);
      if (options.claims !== undefined) {
        const onClaim = (identityId: string): void => gate.claim(identityId);
        followClaims({ path: options.claims, onClaim, logger, signal: session.signal });
      }
      session.terminal.say(gate.pageUrl === undefined ? 'no page' : `page: ${gate.pageUrl}`);
      if (health.url !== undefined) session.terminal.say(`metrics: ${health.url}/metrics`);
      await untilStopped(AbortSignal.any([session.signal, restart.signal]));
      endReloading();
      models.close();
      signs.stopping();
    } finally {
      await gate.close();
      await health?.close();
    }
    return EXIT.ok;
  } finally {
    signs.end();
    await watchdog.close();
  }
}

interface Reloader {
  /** For the gate that was named by `onHangUp`. */
  now(): ReturnType<GateService['reload']>;
  /**
   * For a service, SIGHUP reads the configuration anew; for a terminal that went away it is the end.
   * @returns a function that ends it
   */
  onHangUp(gate: Gate): () => void;
}

function reloader(
  session: Session,
  parts: Omit<ReloadParts, 'session' | 'gate'> & { config: Config },
): Reloader {
  let { config } = parts;
  let gate: Gate | undefined;
  const now: Reloader['now'] = () => {
    if (gate === undefined) return { outcome: 'refused', detail: 'the gate is still starting' };
    const reloaded = reloadConfig(config, { session, gate, ...parts });
    config = reloaded.config;
    const { problem } = reloaded;
    return problem === undefined ? { outcome: 'done' } : { outcome: 'refused', detail: problem };
  };
  const onSignal = (): void => void now();
  return {
    now,
    onHangUp: (running) => {
      gate = running;
      if (!session.terminal.interactive) process.on('SIGHUP', onSignal);
      return () => {
        process.off('SIGHUP', onSignal);
      };
    },
  };
}
