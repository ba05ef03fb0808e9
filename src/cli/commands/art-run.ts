import { setPriority } from 'node:os';
import type { Command } from 'commander';
import type { Config } from '../../config/schema.ts';
import { spawnEasel } from '../../idle/studio/easel.ts';
import type { EaselSetup } from '../../idle/studio/easel-messages.ts';
import { GateLine } from '../../idle/studio/gate-line.ts';
import { PictureFolder } from '../../idle/studio/picture-folder.ts';
import { Studio } from '../../idle/studio/studio.ts';
import { shippedPainterDir } from '../../inference/painter-file.ts';
import { ensureModels } from '../ensure-models.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

const BACKBONE = 'style-backbone';
const HEAT_EVERY_MS = 5_000;
/** Painting goes on only well below the limit, so that it does not come and go. */
const COOLER_BY_C = 5;

/** @param art the `portico art` command */
export function addArtRunCommand(art: Command, run: RunCommand): void {
  art
    .command('run')
    .description('the painter beside the gate, at the lowest priority, until it is stopped')
    .addHelpText(
      'after',
      '\nPaints only while the gate says that nobody is there. Without a gate it waits for one.\n\nExample:\n  portico art run --config /etc/portico/portico.json',
    )
    .action(() => run(runStudio));
}

async function runStudio(session: Session): Promise<number> {
  const { composition, signal, terminal } = session;
  const config = session.config();
  const { art } = config;
  if (!art.enabled) {
    terminal.say('art is switched off (art.enabled)');
    await untilStopped(signal);
    return EXIT.ok;
  }
  // The painter's own process inherits it.
  setPriority(art.niceness);
  const { clock } = composition;
  const logger = session.logger(config);
  // Before the line: an order may come the moment it stands, and the studio must be there to hear it.
  const setup = await setupOf(session, config);
  const gate = new GateLine({
    path: art.socket,
    clock,
    logger,
    onOrder: (order) => void studio.obey(order),
  });
  const studio = new Studio({
    clock,
    logger,
    gate,
    spawn: spawnEasel,
    setup,
    gallery:
      art.content === 'gallery' && art.gallery !== undefined
        ? new PictureFolder(art.gallery)
        : undefined,
    styles: art.styles === undefined ? undefined : new PictureFolder(art.styles),
    longSidePx: art.longSidePx,
    picturesPerSecond: art.picturesPerSecond,
    slowMs: art.slowMinutes * 60_000,
  });
  const cancelHeat = watchHeat(session, config, studio);
  terminal.say(`painting for the gate at ${art.socket}`);
  await studio.run(signal);
  cancelHeat();
  gate.close();
  return EXIT.ok;
}

async function setupOf(session: Session, config: Config): Promise<EaselSetup> {
  const { composition } = session;
  const { inference, art } = config;
  const paintsSlowly = art.styles !== undefined;
  if (paintsSlowly) await ensureModels(session, config, [BACKBONE]);
  return {
    engineModule: inference.engineModule,
    providers: inference.providers,
    threads: art.threads,
    painterFolder: shippedPainterDir(composition.modelsDir(config)),
    backboneFile: paintsSlowly
      ? composition.catalogue(config).resolve(BACKBONE).onnxPath
      : undefined,
  };
}

/** @returns a function that ends it */
function watchHeat({ composition }: Session, config: Config, studio: Studio): () => void {
  const sensors = composition.machineSensors(config);
  const { maximumTemperatureC } = config.art;
  const look = async (): Promise<void> => {
    const { hottestC } = await sensors.read();
    if (hottestC === undefined) return;
    if (hottestC > maximumTemperatureC) studio.noteHeat(true);
    else if (hottestC <= maximumTemperatureC - COOLER_BY_C) studio.noteHeat(false);
  };
  void look();
  return composition.clock.every(HEAT_EVERY_MS, () => void look());
}
