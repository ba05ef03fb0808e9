import type { Command } from 'commander';
import { thresholdFor } from '../../decision/threshold.ts';
import { evaluateRecall } from '../../evaluation/evaluate-recall.ts';
import { evaluateYaw } from '../../evaluation/evaluate-yaw.ts';
import { renderDetectionRecall, renderYawReport } from '../../evaluation/render-report.ts';
import { readCalibration } from '../../inference/calibration-file.ts';
import { encoding, withEncoder } from '../measure-pictures.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { addEvaluateClipsCommand } from './evaluate-clips.ts';
import { addEvaluateLivenessTimeCommand } from './evaluate-liveness-time.ts';
import { addEvaluatePadCommand } from './evaluate-pad.ts';
import { addEvaluatePairsCommand } from './evaluate-pairs.ts';
import { addEvaluateStabilityCommand } from './evaluate-stability.ts';

interface DataOptions {
  readonly root: string;
  readonly encoder?: string;
}

interface YawOptions extends DataOptions {
  readonly list?: boolean;
}

interface RecallOptions extends DataOptions {
  readonly secondLook?: boolean;
}

export function addEvaluateCommands(program: Command, run: RunCommand): void {
  const evaluate = program
    .command('evaluate')
    .description('measure encoders and liveness on labelled data')
    .option('--root <folder>', 'folder that the paths in the list are relative to', '.')
    .option('--encoder <id>', 'default: the configured one')
    .addHelpText(
      'after',
      '\nExample:\n  portico evaluate pairs-dev.csv --root lfw --encoder mobilefacenet-512 --json',
    );
  addEvaluatePairsCommand(evaluate, run);
  evaluate
    .command('yaw')
    .description('accuracy by how far the faces are turned, and the yaw limit that follows')
    .argument('<pairs.csv>')
    .option('--list', 'the file lists pictures (column `file`), to be paired in all ways')
    .addHelpText('after', '\nExample:\n  portico evaluate yaw pairs-dev.csv --root lfw')
    .action((pairs: string, _options: unknown, command: Command) =>
      run((session) => measureYaw(session, pairs, command.optsWithGlobals<YawOptions>())),
    );
  evaluate
    .command('recall')
    .description('detection recall by the size of the face in the frame')
    .argument('<pairs.csv>')
    .option('--second-look', 'search as photographs are searched: with a margin, then tile by tile')
    .addHelpText('after', '\nExample:\n  portico evaluate recall pairs-dev.csv --root lfw')
    .action((pairs: string, _options: unknown, command: Command) =>
      run((session) => measureRecall(session, pairs, command.optsWithGlobals<RecallOptions>())),
    );
  addEvaluatePadCommand(evaluate, run);
  addEvaluateClipsCommand(evaluate, run);
  addEvaluateStabilityCommand(evaluate, run);
  addEvaluateLivenessTimeCommand(evaluate, run);
}

async function measureYaw(
  session: Session,
  file: string,
  { root, encoder, list }: YawOptions,
): Promise<number> {
  const report = await withEncoder(session, encoder, (analyser, encoderId, config) => {
    const curve = readCalibration(session.composition.modelsDir(config), encoderId);
    const door = curve === undefined ? undefined : thresholdFor(curve, config.policy.targetFpir, 1);
    return evaluateYaw({
      data: list === true ? { list: file } : { pairsCsv: file },
      root,
      ...encoding(session, analyser, encoderId),
      ...(door?.outcome === 'known' ? { threshold: door.threshold } : {}),
    });
  });
  session.terminal.clearBar();
  session.terminal.result(report);
  session.terminal.say(renderYawReport(report));
  return EXIT.ok;
}

async function measureRecall(
  session: Session,
  pairsCsv: string,
  { root, secondLook }: RecallOptions,
): Promise<number> {
  const report = await withEncoder(session, undefined, (analyser) =>
    evaluateRecall({
      pairsCsv,
      root,
      detectFaces: async (image) => {
        const faces = secondLook === true ? analyser.search(image) : analyser.detect(image);
        return (await faces).map(({ box }) => box);
      },
      onProgress: (done, total) =>
        session.terminal.bar('pasting faces', done / total, `${done} of ${total}`),
      signal: session.signal,
    }),
  );
  session.terminal.clearBar();
  session.terminal.result(report);
  session.terminal.say(renderDetectionRecall(report));
  return EXIT.ok;
}
