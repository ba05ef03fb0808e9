import type { Command } from 'commander';
import { drawChallenge } from '../../decision/draw-challenge.ts';
import type { ChallengeAction } from '../../domain/challenge.ts';
import {
  type LivenessTimes,
  livenessTimes,
  type TimesToDecision,
} from '../../evaluation/liveness-times.ts';
import { renderTable } from '../../evaluation/render-table.ts';
import { decodePhoto } from '../../frame/decode-photo.ts';
import { seededRandom } from '../../numeric/random.ts';
import { modelsNeededBy } from '../../runtime/needed-models.ts';
import { gateVision } from '../../runtime/vision-from-config.ts';
import type { Portrait } from '../../synthesis/portrait.ts';
import { portraitsIn } from '../../vision/portraits-in.ts';
import {
  closeVisionStages,
  openVisionStages,
  type VisionStages,
} from '../../vision/vision-stages.ts';
import { ensureModels } from '../ensure-models.ts';
import { countFrom } from '../parse-count.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

const PICTURES = 'demo-photos';
/** Smaller faces are too coarse to be drawn as large as a visitor. */
const LEAST_FACE_PX = 150;
const SEED = 7;

export function addEvaluateLivenessTimeCommand(evaluate: Command, run: RunCommand): void {
  evaluate
    .command('liveness-time')
    .description(
      'time to a finding of life, with and without a challenge, on generated living heads',
    )
    .option('--clips <count>', 'how many', countFrom(1, 10_000), 60)
    .addHelpText('after', '\nExample:\n  portico evaluate liveness-time --clips 20 --json')
    .action((_options: unknown, command: Command) =>
      run((session) => measure(session, command.opts<{ readonly clips: number }>().clips)),
    );
}

async function measure(session: Session, clips: number): Promise<number> {
  const { composition, terminal, signal } = session;
  const config = session.config({ policy: { liveness: { required: true } } });
  await ensureModels(session, config, [...modelsNeededBy(config), PICTURES]);
  const catalogue = composition.catalogue(config);
  const options = gateVision(config, catalogue, composition.modelsDir(config));
  const stages = await openVisionStages(options);
  try {
    const files = catalogue.pictures(PICTURES).map(({ path }) => path);
    const report = await livenessTimes({
      stages,
      options,
      portraits: await portraitsOf(stages, files),
      clips,
      draw: drawVisible(),
      onClip: (done) => {
        terminal.bar('clips', done / clips, `${done} of ${clips}`);
        return !signal.aborted;
      },
    });
    terminal.clearBar();
    if (signal.aborted) return EXIT.interrupted;
    terminal.result(report);
    terminal.say(render(report));
    return EXIT.ok;
  } finally {
    await closeVisionStages(stages);
  }
}

async function portraitsOf(
  stages: VisionStages,
  files: readonly string[],
): Promise<readonly Portrait[]> {
  const portraits: Portrait[] = [];
  for (const file of files) {
    const image = await decodePhoto(file);
    const meshes = await portraitsIn(stages, image, LEAST_FACE_PX);
    portraits.push(...meshes.map(({ points }) => ({ image, mesh: points })));
  }
  return portraits;
}

/** Draws until nothing but what a generated head can show is asked: the mesh does not see its lids shut. */
function drawVisible(): () => readonly ChallengeAction[] {
  const random = seededRandom(SEED);
  return () => {
    for (;;) {
      const actions = drawChallenge(random);
      if (!actions.includes('blink')) return actions;
    }
  };
}

function render({ clips, refused, lookingOn, whenUndecided, always }: LivenessTimes): string {
  const row = (what: string, of: number, { found, p50Ms, p95Ms }: TimesToDecision) => [
    what,
    `${found} of ${of}`,
    ...[p50Ms, p95Ms].map((ms) => (ms === null ? '-' : (ms / 1_000).toFixed(1))),
  ];
  const rows = [
    row('looking on', clips, lookingOn),
    row('undecided, then asked', whenUndecided.asked, whenUndecided),
    row('always asked', clips, always),
  ];
  return [
    renderTable(['', 'found alive', 'p50 s', 'p95 s'], rows),
    `  called attacks: ${refused} of ${clips}`,
  ].join('\n');
}
