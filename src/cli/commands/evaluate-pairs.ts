import { type Command, Option } from 'commander';
import { COMPARATORS, type ComparatorName } from '../../evaluation/comparators/comparator.ts';
import { evaluateComparators } from '../../evaluation/comparators/evaluate-comparators.ts';
import { renderComparators } from '../../evaluation/comparators/render-comparators.ts';
import { evaluatePairs } from '../../evaluation/evaluate-pairs.ts';
import { renderPairsReport } from '../../evaluation/render-report.ts';
import { encoding, withEncoder } from '../measure-pictures.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface PairsOptions {
  /** From the parent command, where it has a default. */
  readonly root: string;
  readonly encoder?: string;
  readonly comparator?: ComparatorName | 'all';
  readonly train?: string;
}

/** The default of `portico evaluate`: a list of pairs alone means this. */
export function addEvaluatePairsCommand(evaluate: Command, run: RunCommand): void {
  evaluate
    .command('pairs', { isDefault: true })
    .description('accuracy, EER and TAR of an encoder on labelled pairs; comparators compared')
    .argument('<pairs.csv>')
    .addOption(
      new Option(
        '--comparator <name>',
        'compare by this instead of the cosine, and measure the difference',
      ).choices(['all', ...COMPARATORS]),
    )
    .option('--train <csv>', 'pictures (column `file`) of other people, for comparators that learn')
    .addHelpText(
      'after',
      '\nExamples:\n  portico evaluate pairs pairs-dev.csv --root lfw --json\n  portico evaluate pairs pairs-dev.csv --root lfw --comparator all --train train.csv',
    )
    .action((pairs: string, _options: unknown, command: Command) =>
      run((session) => measure(session, pairs, command.optsWithGlobals<PairsOptions>())),
    );
}

async function measure(
  session: Session,
  pairsCsv: string,
  { root, encoder, comparator, train }: PairsOptions,
): Promise<number> {
  const { terminal } = session;
  const text = await withEncoder(session, encoder, async (analyser, encoderId) => {
    const options = { pairsCsv, root, ...encoding(session, analyser, encoderId) };
    if (comparator === undefined) {
      const report = await evaluatePairs(options);
      terminal.result(report);
      return renderPairsReport(report);
    }
    const report = await evaluateComparators({
      ...options,
      comparators: comparator === 'all' ? COMPARATORS : [comparator],
      ...(train === undefined ? {} : { trainList: train }),
    });
    terminal.result(report);
    return renderComparators(report);
  });
  terminal.clearBar();
  terminal.say(text);
  return EXIT.ok;
}
