import { type Command, InvalidArgumentError } from 'commander';
import { ModelError } from '../../domain/errors.ts';
import { renderTable } from '../../evaluation/render-table.ts';
import { GOAL_PER_YEAR, type Risk, type RiskTerm, riskOf } from '../../evaluation/risk.ts';
import { readCalibration } from '../../inference/calibration-file.ts';
import { livenessFusionPath, readLivenessFusion } from '../../inference/liveness-fusion-file.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface RiskOptions {
  readonly people: number;
  readonly triesPerDay: number;
  readonly attackShare: number;
  readonly fpir?: number;
  readonly seconds: number;
  readonly encoder?: string;
}

const number = (low: number, high: number) => (text: string) => {
  const value = Number(text);
  if (text.trim() !== '' && value >= low && value <= high) return value;
  throw new InvalidArgumentError(`a number from ${low} to ${high}`);
};

export function addRiskCommand(program: Command, run: RunCommand): void {
  program
    .command('risk')
    .description('false admissions per door and year, from what was measured, with intervals')
    .option('--people <N>', 'templates that each visitor is compared with', number(1, 1e7), 1_000)
    .option('--tries-per-day <v>', 'visits by people who may not enter', number(0, 1e5), 20)
    .option(
      '--attack-share <q>',
      'part of them that hold up the picture of somebody enrolled',
      number(0, 1),
      0.001,
    )
    .option('--fpir <rate>', 'false positives per search; default: the policy', number(1e-9, 0.5))
    .option('--seconds <s>', 'time that liveness has: 1, 2, 4 or 10', number(0, 60), 4)
    .option('--encoder <id>', 'default: the configured one')
    .addHelpText(
      'after',
      '\nExample:\n  portico risk --people 200 --tries-per-day 5 --attack-share 0.01',
    )
    .action((options: RiskOptions) =>
      run((session) => Promise.resolve(showRisk(session, options))),
    );
}

function showRisk({ composition, config, terminal }: Session, options: RiskOptions): number {
  const settings = config();
  const modelsDir = composition.modelsDir(settings);
  const encoder = options.encoder ?? settings.models.encoders[0] ?? '';
  const calibration = readCalibration(modelsDir, encoder);
  if (calibration === undefined) throw notCalibrated(encoder);
  const liveness = readLivenessFusion(livenessFusionPath(modelsDir));
  const question = { ...options, targetFpir: options.fpir ?? settings.policy.targetFpir };
  const risk = riskOf(calibration, liveness, question);
  const isReached = risk.total.interval[1] < GOAL_PER_YEAR;
  terminal.result({ encoder, question, risk, goalPerYear: GOAL_PER_YEAR, isReached });
  terminal.say(render(risk, { ...question, encoder }));
  return EXIT.ok;
}

const figures = (value: number): string => (value === 0 ? '0' : value.toPrecision(2));
const percent = (value: number): string => `${figures(100 * value)} %`;

function render(
  risk: Risk,
  question: RiskOptions & { readonly targetFpir: number; readonly encoder: string },
): string {
  const row = (name: string, { perYear, interval }: RiskTerm): string[] => [
    name,
    figures(perYear),
    interval.map(figures).join(' .. '),
  ];
  const { zeroEffort, attack, total, apcer, worst } = risk;
  const dominant = zeroEffort.perYear > attack.perYear ? 'strangers' : 'attacks';
  const isReached = total.interval[1] < GOAL_PER_YEAR;
  return [
    `${question.encoder}, ${question.people} people, ${question.triesPerDay} tries a day, ${percent(question.attackShare)} of them with a picture:`,
    renderTable(
      ['false admissions per door and year', '', '95 %'],
      [
        row('a stranger is taken for somebody', zeroEffort),
        row('a picture is taken for a person', attack),
        row('together', total),
        row(`a picture, if all were of the worst kind (${worst.species})`, worst.attack),
      ],
    ),
    '',
    `  threshold ${risk.threshold.toFixed(4)}: FMR ${risk.fmr.toExponential(1)} per comparison, ${risk.basis}; ${percent(question.targetFpir)} of the searches for a stranger name somebody`,
    `  liveness after ${question.seconds} s: APCER ${percent(apcer.rate)} (${apcer.interval.map(percent).join(' .. ')}), ${apcer.trials} attack clips; even without an error so few would only prove ${percent(risk.bestProvableApcer)}; of the worst kind, ${worst.species}, ${percent(worst.apcer.rate)} pass`,
    `  what counts most: ${dominant}; an attack share above ${percent(risk.bearableAttackShare)} alone would cost ${GOAL_PER_YEAR} a year`,
    `  goal, less than ${GOAL_PER_YEAR} a year with 95 % confidence: ${isReached ? 'reached on these figures' : 'not reached'}`,
    '  not in it: twins and relatives (they match far more often), masks, an accomplice inside, a door held open',
  ].join('\n');
}

const notCalibrated = (encoder: string): ModelError =>
  new ModelError('PORTICO_MODEL_CALIBRATION', {
    message: `the encoder ${encoder} has no calibration`,
    remedy: 'Measure it with `portico calibrate --write`, or name one that has.',
  });
