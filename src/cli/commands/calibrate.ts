import { basename } from 'node:path';
import type { Command } from 'commander';
import { calibrate } from '../../evaluation/calibrate.ts';
import { renderCalibration } from '../../evaluation/render-report.ts';
import { writeCalibration } from '../../evaluation/write-calibration.ts';
import { encoding, withEncoder } from '../measure-pictures.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface CalibrateOptions {
  readonly root: string;
  readonly encoder?: string;
  readonly list?: string;
  readonly mislabelled?: string[];
  readonly name?: string;
  readonly write?: boolean;
}

export function addCalibrateCommand(program: Command, run: RunCommand): void {
  program
    .command('calibrate')
    .description('the curve of thresholds of an encoder, from pictures of known people')
    .requiredOption('--root <folder>', 'one folder per person, or what the list is relative to')
    .option('--list <csv>', 'file with the column `file`; default: every picture under the root')
    .option('--mislabelled <picture...>', 'pictures to leave out: their label is known to be wrong')
    .option('--encoder <id>', 'default: the configured one')
    .option('--name <text>', 'name of the data, stated in the calibration')
    .option('--write', 'write models/<id>/calibration.json')
    .addHelpText('after', '\nExample:\n  portico calibrate --root lfw --write')
    .action((options: CalibrateOptions) => run((session) => measureCurve(session, options)));
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
