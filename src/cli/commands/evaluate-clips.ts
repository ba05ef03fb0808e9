import { type Command, InvalidArgumentError } from 'commander';
import {
  type ClipPerson,
  peopleOfFolder,
  peopleOnPhotographs,
} from '../../evaluation/clip-people.ts';
import { evaluateClips } from '../../evaluation/evaluate-clips.ts';
import { renderClipsReport } from '../../evaluation/render-clips.ts';
import { modelsNeededBy } from '../../runtime/needed-models.ts';
import { gateVision } from '../../runtime/vision-from-config.ts';
import { SPECIES, type Species } from '../../synthesis/species.ts';
import type { VisionOptions } from '../../vision/vision-options.ts';
import {
  closeVisionStages,
  openVisionStages,
  type VisionStages,
} from '../../vision/vision-stages.ts';
import { ensureModels } from '../ensure-models.ts';
import { parseCount } from '../parse-count.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface ClipsOptions {
  readonly photos?: string;
  readonly species: readonly Species[];
  readonly clips: number;
  readonly seed: number;
  /** False for --no-marks. */
  readonly marks: boolean;
}

const DEMO_PHOTOS = 'demo-photos';

export function addEvaluateClipsCommand(evaluate: Command, run: RunCommand): void {
  evaluate
    .command('clips')
    .description(
      'show the door generated clips of people and of attacks: a test of the code, no proof',
    )
    .option(
      '--photos <folder>',
      'one folder of photographs per person; the half that nothing was fitted on is used (default: the demonstration photographs)',
    )
    .option('--species <a,b>', `of: ${SPECIES.join(', ')}`, parseSpecies, SPECIES)
    .option('--clips <n>', 'clips of each species', parseCount, 30)
    .option('--seed <n>', 'another seed draws other clips', parseCount, 1)
    .option('--no-marks', 'leave out what the cues that look at pixels say')
    .addHelpText(
      'after',
      '\nExample:\n  portico evaluate clips --species print,tablet-replay --clips 10',
    )
    .action((options: ClipsOptions) => run((session) => measureClips(session, options)));
}

async function measureClips(session: Session, options: ClipsOptions): Promise<number> {
  const { composition, terminal, signal } = session;
  const config = session.config({ policy: { liveness: { required: true } } });
  await ensureModels(session, config, [
    ...modelsNeededBy(config),
    ...(options.photos === undefined ? [DEMO_PHOTOS] : []),
  ]);
  const catalogue = composition.catalogue(config);
  const whole = gateVision(config, catalogue, composition.modelsDir(config));
  const vision = options.marks ? whole : withoutMarks(whole);
  const stages = await openVisionStages(vision);
  try {
    const demo = catalogue.pictures(DEMO_PHOTOS).map(({ path }) => path);
    const people = await peopleFor(session, stages, options, demo);
    const report = await evaluateClips({
      stages,
      vision,
      people,
      species: options.species,
      clipsPerSpecies: options.clips,
      seed: options.seed,
      onProgress: (done, total) =>
        terminal.bar('showing clips', done / total, `${done} of ${total}`),
      signal,
    });
    terminal.clearBar();
    terminal.result(report);
    terminal.say(renderClipsReport(report));
    return EXIT.ok;
  } finally {
    terminal.clearBar();
    await closeVisionStages(stages);
  }
}

function peopleFor(
  { terminal, signal }: Session,
  stages: VisionStages,
  { photos, clips }: ClipsOptions,
  demo: readonly string[],
): Promise<readonly ClipPerson[]> {
  const reading = {
    stages,
    limit: Math.max(2, clips),
    onProgress: (done: number, total: number) =>
      terminal.bar('reading photographs', done / total, `${done} of ${total}`),
    signal,
  };
  return photos === undefined
    ? peopleOnPhotographs(demo, reading)
    : peopleOfFolder(photos, 'test', reading);
}

function withoutMarks(vision: VisionOptions): VisionOptions {
  if (vision.liveness === undefined) return vision;
  const { marks: _marks, ...fusion } = vision.liveness.fusion;
  return { ...vision, liveness: { ...vision.liveness, fusion } };
}

function parseSpecies(text: string): readonly Species[] {
  return text.split(',').map((name) => {
    const species = SPECIES.find((known) => known === name.trim());
    if (species !== undefined) return species;
    throw new InvalidArgumentError(
      `there is no species '${name}'; name some of ${SPECIES.join(', ')}`,
    );
  });
}
