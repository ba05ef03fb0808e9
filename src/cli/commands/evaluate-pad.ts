import type { Command } from 'commander';
import { padTracksOfFolder } from '../../evaluation/pad-folder.ts';
import { evaluatePad, type PadReport, padReport } from '../../evaluation/pad-report.ts';
import { renderPadReport } from '../../evaluation/render-pad.ts';
import { livenessFusionPath, readLivenessFusion } from '../../inference/liveness-fusion-file.ts';
import { modelsNeededBy } from '../../runtime/needed-models.ts';
import { gateVision } from '../../runtime/vision-from-config.ts';
import { ClipAnalyser } from '../../vision/clip-analyser.ts';
import { ensureModels } from '../ensure-models.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface PadOptions {
  /** From the parent command, where it has a default. */
  readonly root: string;
  readonly crossValidate?: boolean;
}

export function addEvaluatePadCommand(evaluate: Command, run: RunCommand): void {
  evaluate
    .command('pad')
    .description(
      'how well liveness tells attacks from people: a tracks file, or with --root folders of frames',
    )
    .argument('[tracks.jsonl.gz]')
    .option(
      '--cross-validate',
      'fit anew for each person on all the others, instead of the shipped weights',
    )
    .addHelpText(
      'after',
      '\nFolders are label/clip/frame.jpg; the label is bona-fide or the species of the attack.\n\nExample:\n  portico evaluate pad tracks.jsonl.gz --cross-validate --json',
    )
    .action((tracks: string | undefined, _options: unknown, command: Command) =>
      run((session) => measurePad(session, tracks, command.optsWithGlobals<PadOptions>())),
    );
}

async function measurePad(
  session: Session,
  tracks: string | undefined,
  { root, crossValidate }: PadOptions,
): Promise<number> {
  const config = session.config({ policy: { liveness: { required: true } } });
  const modelsDir = session.composition.modelsDir(config);
  const options = {
    fusion: readLivenessFusion(livenessFusionPath(modelsDir)),
    ...(crossValidate === undefined ? {} : { crossValidate }),
  };
  const report: PadReport =
    tracks === undefined
      ? padReport(await tracksOf(session, root), options)
      : await evaluatePad(tracks, options);
  session.terminal.result(report);
  session.terminal.say(renderPadReport(report));
  return EXIT.ok;
}

async function tracksOf(session: Session, root: string): ReturnType<typeof padTracksOfFolder> {
  const { composition, terminal, signal } = session;
  const config = session.config({ policy: { liveness: { required: true } } });
  await ensureModels(session, config, modelsNeededBy(config));
  const vision = gateVision(config, composition.catalogue(config), composition.modelsDir(config));
  const analyser = await ClipAnalyser.open(vision);
  try {
    return await padTracksOfFolder({
      root,
      analyse: (frame) => analyser.analyse(frame),
      onProgress: (done, total) =>
        terminal.bar('reading clips', done / total, `${done} of ${total}`),
      signal,
    });
  } finally {
    terminal.clearBar();
    await analyser.close();
  }
}
