import { Argument, type Command } from 'commander';
import { assertNever } from '../../domain/assert-never.ts';
import { PorticoError } from '../../domain/errors.ts';
import type { Order } from '../../messaging/documents/command-document.ts';
import type { CommandOutcome } from '../../messaging/seat/command-desk.ts';
import type { SiteDesk } from '../../messaging/seat/site-desk.ts';
import { withSiteDesk } from '../at-site.ts';
import { ORDER_WORDS, type OrderOptions, type OrderWord, orderFrom } from '../order-from.ts';
import { countFrom } from '../parse-count.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { untilAborted } from '../until-aborted.ts';

const ALL = 'all';
const ANSWER_TAKES_MS = 1_000;

interface CommandOptions extends OrderOptions {
  readonly wait: number;
}

interface Answered {
  readonly gate: string;
  readonly outcome: CommandOutcome;
}

export function addCommandCommand(program: Command, run: RunCommand): void {
  program
    .command('command')
    .description('tell a gate what to do, and hear its answer; exit 1: it refuses, 3: it is silent')
    .argument('<gate>', `id of the gate, or ${ALL}`)
    .addArgument(
      new Argument('<order>', 'pulse opens once; release ends a lock-down').choices(ORDER_WORDS),
    )
    .option('--for <ms>', 'pulse: how long (default: as the gate is set up)')
    .option('--from-scratch', 'sync: take every record once more')
    .option('--on', 'art: paint')
    .option('--off', 'art: show the plain picture')
    .option('--manner <word>', 'art: fast (a picture a second) or slow (minutes, finer)')
    .option('--style <title>', 'art: one style, or every')
    .option('--interval <seconds>', 'art: how long one picture stays')
    .option('--from <folder>', 'models: manifests to take over, laid out as in models/')
    .option('--wait <seconds>', 'for the answer; then the command has ended', countFrom(1, 300), 15)
    .addHelpText(
      'after',
      '\nA command that is not answered is not obeyed later either: it ends with the waiting.' +
        '\n\nExamples:\n  portico command front-door pulse --site ~/harbour' +
        '\n  portico command all lock-down --site ~/harbour' +
        '\n  portico command front-door art --on --style every --interval 600 --site ~/harbour',
    )
    .action((gate: string, word: OrderWord, options: CommandOptions) =>
      run((session) => command(session, gate, orderFrom(word, options), options.wait * 1_000)),
    );
}

function command(session: Session, gate: string, order: Order, waitMs: number): Promise<number> {
  // The gate's answer needs a moment: what it obeys late should still be heard of.
  const timing = { expiresInMs: waitMs, answerWithinMs: waitMs + ANSWER_TAKES_MS };
  return withSiteDesk(session, async ({ desk }) => {
    const gates = gate === ALL ? desk.gateIds() : [gate];
    const stranger = gates.find((gateId) => !desk.gateIds().includes(gateId));
    if (stranger !== undefined || gates.length === 0) throw noSuchGate(desk, gate);
    const answers = await untilAborted(
      Promise.all(
        gates.map(async (gateId) => ({
          gate: gateId,
          outcome: await desk.sendCommand(gateId, order, timing),
        })),
      ),
      session.signal,
    );
    for (const answer of answers) tell(session, order, answer);
    const told = answers.map((answer) => ({ gate: answer.gate, ...answer.outcome }));
    session.terminal.result(gate === ALL ? told : told[0]);
    return Math.max(...answers.map(({ outcome }) => CODE[outcome.outcome]));
  });
}

const CODE = { done: EXIT.ok, refused: EXIT.no, 'no-answer': EXIT.fault } as const;

function tell({ terminal }: Session, order: Order, { gate, outcome }: Answered): void {
  switch (outcome.outcome) {
    case 'done':
      terminal.say(`${gate}: ${order.name} ${terminal.style('green', 'done')}`);
      return;
    case 'refused':
      terminal.say(
        `${gate}: ${terminal.style('red', 'refused')}, ${outcome.text} (${outcome.reason})`,
      );
      return;
    case 'no-answer':
      terminal.say(`${gate}: ${terminal.style('red', 'no answer')}; it will not obey later`);
      return;
    default:
      assertNever(outcome);
  }
}

function noSuchGate(desk: SiteDesk, gate: string): PorticoError {
  const ids = desk.gateIds();
  return new PorticoError('PORTICO_USAGE', {
    message: `the site has no gate ${gate}; it has ${ids.length === 0 ? 'none' : ids.join(', ')}`,
    remedy: 'Name one of them, or `all`; `portico gate provision` makes one.',
    context: { gate },
  });
}
