import type { Command } from 'commander';
import { peopleOfFolder, peopleOnPhotographs } from '../../evaluation/clip-people.ts';
import { drawnFaces } from '../../evaluation/drawn-faces.ts';
import {
  evaluateStability,
  type FlipRate,
  type StabilityReport,
} from '../../evaluation/evaluate-stability.ts';
import { renderTable } from '../../evaluation/render-table.ts';
import { livenessFusionPath, readLivenessFusion } from '../../inference/liveness-fusion-file.ts';
import { modelsNeededBy } from '../../runtime/needed-models.ts';
import { gateVision } from '../../runtime/vision-from-config.ts';
import { closeVisionStages, openVisionStages } from '../../vision/vision-stages.ts';
import { ensureModels } from '../ensure-models.ts';
import { parseCount } from '../parse-count.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface StabilityOptions {
  readonly photos?: string;
  readonly people: number;
  readonly seed: number;
}

const DEMO_PHOTOS = 'demo-photos';

export function addEvaluateStabilityCommand(evaluate: Command, run: RunCommand): void {
  evaluate
    .command('stability')
    .description(
      'how often the passive networks change their mind when the box moves or the light changes',
    )
    .option(
      '--photos <folder>',
      'one folder of photographs per person (default: the demonstration photographs)',
    )
    .option('--people <n>', 'each is drawn alive and as every kind of attack', parseCount, 12)
    .option('--seed <n>', 'another seed draws other pictures', parseCount, 1)
    .addHelpText('after', '\nExample:\n  portico evaluate stability --people 4')
    .action((options: StabilityOptions) => run((session) => measureStability(session, options)));
}

async function measureStability(session: Session, options: StabilityOptions): Promise<number> {
  const { composition, terminal, signal } = session;
  const config = session.config({ policy: { liveness: { required: true } } });
  await ensureModels(session, config, [...modelsNeededBy(config), DEMO_PHOTOS]);
  const modelsDir = composition.modelsDir(config);
  const catalogue = composition.catalogue(config);
  const stages = await openVisionStages(gateVision(config, catalogue, modelsDir));
  try {
    const progress = (name: string) => (done: number, total: number) =>
      terminal.bar(name, done / total, `${done} of ${total}`);
    const reading = { stages, limit: options.people, signal };
    const people =
      options.photos === undefined
        ? await peopleOnPhotographs(
            catalogue.pictures(DEMO_PHOTOS).map(({ path }) => path),
            reading,
          )
        : await peopleOfFolder(options.photos, 'test', reading);
    const { seed } = options;
    const faces = await drawnFaces(people, stages, { seed, onProgress: progress('drawing') });
    const { passive } = stages;
    if (passive === undefined)
      throw new Error('a policy that requires liveness opens its networks');
    const report = await evaluateStability(
      faces,
      readLivenessFusion(livenessFusionPath(modelsDir)),
      (picture, box) => passive.score(picture, box),
      { seed, onProgress: progress('looking'), signal },
    );
    terminal.clearBar();
    terminal.result(report);
    terminal.say(render(report));
    return EXIT.ok;
  } finally {
    terminal.clearBar();
    await closeVisionStages(stages);
  }
}

function render(report: StabilityReport): string {
  const row = (name: string, { flips, trials, rate, interval }: FlipRate): string[] => [
    name,
    `${flips} of ${trials}`,
    `${(100 * rate).toFixed(1)} % (${interval.map((end) => (100 * end).toFixed(1)).join('-')})`,
  ];
  return [
    `the passive networks alone, on ${report.faces} drawn faces:`,
    renderTable(
      ['change', 'other decision', ''],
      [
        row('box moved and resized by up to 20 %, one frame', report.jitterOfOneFrame),
        row('the same, mean of three key frames', report.jitterOfThree),
        row('one and two stops brighter or darker', report.exposure),
        row('one stop', report.exposureWithinOneStop),
      ],
    ),
  ].join('\n');
}
