import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../../config/schema.ts';
import { thresholdFor } from '../../decision/threshold.ts';
import { calibrate } from '../../evaluation/calibrate.ts';
import { evaluatePairs } from '../../evaluation/evaluate-pairs.ts';
import { evaluateRecall } from '../../evaluation/evaluate-recall.ts';
import { evaluateYaw } from '../../evaluation/evaluate-yaw.ts';
import { photoEncoder } from '../../evaluation/photo-encoder.ts';
import type { Progress } from '../../evaluation/picture-encoder.ts';
import {
  renderCalibration,
  renderDetectionRecall,
  renderPairsReport,
  renderYawReport,
} from '../../evaluation/render-report.ts';
import { writeCalibration } from '../../evaluation/write-calibration.ts';
import { readCalibration } from '../../inference/calibration-file.ts';
import type { PhotoAnalyser } from '../../vision/photo-analyser.ts';
import { withAnalyser } from '../read-faces.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { addCalibrateLivenessCommand } from './calibrate-liveness.ts';
import { addEvaluateClipsCommand } from './evaluate-clips.ts';
import { addEvaluatePadCommand } from './evaluate-pad.ts';

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

interface CalibrateOptions extends DataOptions {
  readonly list?: string;
  readonly mislabelled?: string[];
  readonly name?: string;
  readonly write?: boolean;
}

export function addEvaluateCommands(program: Command, run: RunCommand): void {
  const evaluate = program
    .command('evaluate')
    .description('measure an encoder on labelled pairs (columns left,right,mated)')
    .argument('<pairs.csv>')
    .option('--root <folder>', 'folder that the paths in the list are relative to', '.')
    .option('--encoder <id>', 'default: the configured one')
    .addHelpText(
      'after',
      '\nExample:\n  portico evaluate pairs-dev.csv --root lfw --encoder mobilefacenet-512 --json',
    )
    .action((pairs: string, options: DataOptions) =>
      run((session) => measurePairs(session, pairs, options)),
    );
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
  const calibration = program
    .command('calibrate')
    .description('the curve of thresholds of an encoder, from pictures of known people')
    .option('--root <folder>', 'one folder per person, or what the list is relative to', '.')
    .option('--list <csv>', 'file with the column `file`; default: every picture under the root')
    .option('--mislabelled <picture...>', 'pictures to leave out: their label is known to be wrong')
    .option('--encoder <id>', 'default: the configured one')
    .option('--name <text>', 'name of the data, stated in the calibration')
    .option('--write', 'write models/<id>/calibration.json')
    .addHelpText('after', '\nExample:\n  portico calibrate --root lfw --write')
    .action((options: CalibrateOptions) => run((session) => measureCurve(session, options)));
  addCalibrateLivenessCommand(calibration, run);
}

async function withEncoder<T>(
  session: Session,
  encoder: string | undefined,
  work: (analyser: PhotoAnalyser, encoderId: string, config: Config) => Promise<T>,
): Promise<T> {
  const config = session.config(
    encoder === undefined ? undefined : { models: { encoders: [encoder] } },
  );
  const [encoderId = ''] = config.models.encoders;
  return withAnalyser(session, config, (analyser) => work(analyser, encoderId, config));
}

function progress(session: Session): Progress {
  return (done, total) =>
    session.terminal.bar('encoding pictures', done / total, `${done} of ${total}`);
}

/** What every measurement that encodes pictures is given. */
const encoding = (session: Session, analyser: PhotoAnalyser, encoderId: string) => ({
  encoderId,
  encodePicture: photoEncoder(analyser, encoderId),
  onProgress: progress(session),
  signal: session.signal,
});

async function measurePairs(
  session: Session,
  pairsCsv: string,
  { root, encoder }: DataOptions,
): Promise<number> {
  const report = await withEncoder(session, encoder, (analyser, encoderId) =>
    evaluatePairs({
      pairsCsv,
      root,
      ...encoding(session, analyser, encoderId),
    }),
  );
  session.terminal.clearBar();
  session.terminal.result(report);
  session.terminal.say(renderPairsReport(report));
  return EXIT.ok;
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

async function measureCurve(session: Session, options: CalibrateOptions): Promise<number> {
  const { root, encoder, list, name, mislabelled } = options;
  const { result, modelsDir } = await withEncoder(
    session,
    encoder,
    async (analyser, encoderId, config) => ({
      modelsDir: session.composition.modelsDir(config),
      result: await calibrate({
        root,
        ...encoding(session, analyser, encoderId),
        dataName: name ?? basename(root),
        date: new Date(session.composition.clock.wall()).toISOString().slice(0, 10),
        ...(list === undefined ? {} : { list }),
        ...(mislabelled === undefined ? {} : { mislabelled }),
      }),
    }),
  );
  session.terminal.clearBar();
  session.terminal.result(result.calibration);
  session.terminal.say(renderCalibration(result));
  if (options.write === true) {
    const file = await writeCalibration(modelsDir, result.calibration);
    session.terminal.note(`written: ${file}`);
  }
  return EXIT.ok;
}
