import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { partsOfEncoderId } from '../../domain/encoder-fusion.ts';
import { calibrate } from '../../evaluation/calibrate.ts';
import type { CalibrationResult } from '../../evaluation/calibration-of.ts';
import { faceEncoder } from '../../evaluation/photo-encoder.ts';
import { renderCalibration, renderTau } from '../../evaluation/render-calibration.ts';
import { calibrationPage } from '../../evaluation/report/calibration-page.ts';
import { tauTable } from '../../evaluation/tau-table.ts';
import { writeCalibration } from '../../evaluation/write-calibration.ts';
import { readCalibration } from '../../inference/calibration-file.ts';
import { livenessFusionPath, readLivenessFusion } from '../../inference/liveness-fusion-file.ts';
import { encodingProgress } from '../measure-pictures.ts';
import { withAnalyser } from '../read-faces.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { addCalibrateLivenessCommand } from './calibrate-liveness.ts';

interface CalibrateOptions {
  readonly root: string;
  readonly encoder?: string[];
  readonly list?: string;
  readonly mislabelled?: string[];
  readonly name?: string;
  readonly remark?: string[];
  readonly refit?: boolean;
  readonly report?: string;
  readonly write?: boolean;
}

export function addCalibrateCommand(program: Command, run: RunCommand): void {
  const calibration = program
    .command('calibrate')
    .description('the curve of thresholds of encoders, from pictures of known people')
    .option('--root <folder>', 'one folder per person, or what the list is relative to', '.')
    .option(
      '--list <csv>',
      'columns `file` or `left,right,mated`; default: every picture under the root',
    )
    .option('--mislabelled <picture...>', 'pictures to leave out: their label is known to be wrong')
    .option('--encoder <id...>', 'default: the configured ones; a+b is the fusion of two')
    .option('--name <text>', 'name of the data, stated in the calibration')
    .option('--remark <text...>', 'sentences about the data, kept in the calibration')
    .option('--refit', 'fit the weights of a fusion anew: who is enrolled must be enrolled again')
    .option(
      '--report <file.html>',
      'curves, histograms and tables as one page that needs no network',
    )
    .option('--write', 'write models/<id>/calibration.json')
    .addHelpText(
      'after',
      '\nExamples:\n  portico calibrate --root people --report calibration.html --write\n  portico calibrate --root lfw --list train.csv --encoder mobilefacenet-512 resnet-128 --json',
    )
    .action((options: CalibrateOptions) => run((session) => measureCurves(session, options)));
  addCalibrateLivenessCommand(calibration, run);
}

async function measureCurves(session: Session, options: CalibrateOptions): Promise<number> {
  const { terminal, composition } = session;
  const { targetFpir } = session.config().policy;
  const modelsDir = composition.modelsDir(session.config());
  const results = await curvesOf(session, options, modelsDir);
  terminal.clearBar();
  const encoders = results.map(({ calibration }) => ({
    calibration,
    tau: { targetFpir, rows: tauTable(calibration, targetFpir) },
  }));
  terminal.result({ encoders });
  for (const [index, result] of results.entries()) {
    terminal.say(renderCalibration(result));
    terminal.say(renderTau(targetFpir, encoders[index]?.tau.rows ?? []));
  }
  if (options.report !== undefined) {
    await writeFile(
      options.report,
      calibrationPage({
        results,
        targetFpir,
        liveness: readLivenessFusion(livenessFusionPath(modelsDir)),
      }),
    );
    terminal.note(`written: ${options.report}`);
  }
  if (options.write === true) {
    for (const { calibration } of results) {
      terminal.note(`written: ${await writeCalibration(modelsDir, calibration)}`);
    }
  }
  return EXIT.ok;
}

async function curvesOf(
  session: Session,
  options: CalibrateOptions,
  modelsDir: string,
): Promise<readonly CalibrationResult[]> {
  const { root, encoder, list, name, mislabelled, remark, refit } = options;
  const encoderIds = encoder ?? session.config().models.encoders;
  const encoders = [...new Set(encoderIds.flatMap(partsOfEncoderId))];
  const config = session.config({ models: { encoders }, policy: { fuseEncoders: 'off' } });
  return withAnalyser(session, config, (analyser) =>
    calibrate({
      root,
      encoderIds,
      encodeFace: faceEncoder(analyser),
      onProgress: encodingProgress(session),
      signal: session.signal,
      dataName: name ?? basename(root),
      date: new Date(session.composition.clock.wall()).toISOString().slice(0, 10),
      fusionOf: (id) => (refit === true ? undefined : readCalibration(modelsDir, id)?.fusion),
      ...(list === undefined ? {} : { list }),
      ...(mislabelled === undefined ? {} : { mislabelled }),
      ...(remark === undefined ? {} : { remarks: remark }),
    }),
  );
}
