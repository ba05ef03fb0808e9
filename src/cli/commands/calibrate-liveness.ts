import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../../config/schema.ts';
import type { LivenessFusion, MarkWeights } from '../../domain/liveness-fusion.ts';
import { peopleOfFolder } from '../../evaluation/clip-people.ts';
import { writeLivenessFusion } from '../../evaluation/liveness-weights-file.ts';
import { markExamples } from '../../evaluation/mark-examples.ts';
import { fitMarks } from '../../evaluation/mark-fit.ts';
import { fitLivenessFusion } from '../../evaluation/pad-fit.ts';
import { readPadTracks } from '../../evaluation/pad-tracks.ts';
import { renderLivenessFit } from '../../evaluation/render-liveness-fit.ts';
import { livenessFusionPath, readLivenessFusion } from '../../inference/liveness-fusion-file.ts';
import { photoModelsOf } from '../../runtime/needed-models.ts';
import { photoVision } from '../../runtime/vision-from-config.ts';
import { closeVisionStages, openVisionStages } from '../../vision/vision-stages.ts';
import { ensureModels } from '../ensure-models.ts';
import { parseCount } from '../parse-count.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface LivenessOptions {
  readonly photos?: string;
  readonly clips: number;
  readonly seed: number;
  /** From the parent command. */
  readonly name?: string;
  readonly write?: boolean;
}

export function addCalibrateLivenessCommand(calibrate: Command, run: RunCommand): void {
  calibrate
    .command('liveness')
    .description(
      'fit the weights of the liveness fusion to real tracks, and its marks to generated clips',
    )
    .argument('<tracks.jsonl.gz>')
    .option(
      '--photos <folder>',
      'one folder of photographs per person, for the generated clips; half of the people are left for testing (default: keep the marks of the shipped weights)',
    )
    .option('--clips <n>', 'generated clips of each species', parseCount, 80)
    .option('--seed <n>', 'of the generated clips', parseCount, 1)
    .addHelpText(
      'after',
      '\nTakes --name and --write from `calibrate`.\n\nExample:\n  portico calibrate liveness tracks.jsonl.gz --photos lfw --write',
    )
    .action((tracks: string, _options: unknown, command: Command) =>
      run((session) =>
        calibrateLiveness(session, tracks, command.optsWithGlobals<LivenessOptions>()),
      ),
    );
}

async function calibrateLiveness(
  session: Session,
  tracksFile: string,
  options: LivenessOptions,
): Promise<number> {
  const { composition, terminal } = session;
  const config = session.config({ policy: { liveness: { required: true } } });
  const file = livenessFusionPath(composition.modelsDir(config));
  const tracks = await readPadTracks(tracksFile);
  terminal.note(`fitting to ${tracks.length} clips, every person left out once`);
  const fusion = fitLivenessFusion(tracks, {
    dataName: options.name ?? tracksFile,
    date: new Date(composition.clock.wall()).toISOString().slice(0, 10),
  });
  const marks =
    options.photos === undefined
      ? readLivenessFusion(file).marks
      : await marksFrom(session, config, options.photos, options);
  const fitted: LivenessFusion = marks === undefined ? fusion : { ...fusion, marks };
  terminal.result(fitted);
  terminal.say(renderLivenessFit(fitted));
  if (options.write === true) {
    await writeLivenessFusion(file, fitted);
    terminal.note(`written: ${file}`);
  }
  return EXIT.ok;
}

async function marksFrom(
  session: Session,
  config: Config,
  photos: string,
  { clips, seed }: LivenessOptions,
): Promise<MarkWeights> {
  const { composition, terminal, signal } = session;
  await ensureModels(session, config, photoModelsOf(config));
  const vision = photoVision(config, composition.catalogue(config), composition.modelsDir(config));
  const stages = await openVisionStages(vision);
  try {
    const people = await peopleOfFolder(photos, 'fit', {
      stages,
      limit: clips,
      onProgress: (done, total) =>
        terminal.bar('reading photographs', done / total, `${done} of ${total}`),
      signal,
    });
    const examples = await markExamples({
      people,
      clipsPerSpecies: clips,
      seed,
      onProgress: (done, total) =>
        terminal.bar('generating clips', done / total, `${done} of ${total}`),
      signal,
    });
    return fitMarks(examples, {
      dataName: `generated from photographs in ${basename(photos)}`,
      seed,
    });
  } finally {
    terminal.clearBar();
    await closeVisionStages(stages);
  }
}
