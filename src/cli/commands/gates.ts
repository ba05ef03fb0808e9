import type { Command } from 'commander';
import { GateBoard, type GateCard } from '../../office/gate-board.ts';
import { keepHeadFresh } from '../../office/renew-head.ts';
import { type AtDesk, atDeskOf, withSite } from '../at-site.ts';
import { renderGates } from '../render-gates.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

const RENEW_EVERY_MS = 1_000;
/** What the broker keeps of the gates comes at once, or not at all. */
const LOOK_EVERY_MS = 50;
const ALL_WITHIN_MS = 1_500;
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

export function addGatesCommand(program: Command, run: RunCommand): void {
  program
    .command('gates')
    .description('every gate of the site, live; exit 1 if one is offline or has a fault')
    .option('--once', 'say it once (also: --json, or no terminal)')
    .addHelpText('after', '\nExample:\n  portico gates --site ~/harbour')
    .action(({ once }: { once?: boolean }) => run((session) => gates(session, once === true)));
}

function gates(session: Session, isOnce: boolean): Promise<number> {
  return withSite(session, (folder) => {
    let ids: () => readonly string[] = () => [];
    const board = new GateBoard(() => ids());
    const { clock } = session.composition;
    return atDeskOf(
      session,
      folder,
      (at) => {
        ids = () => at.desk.gateIds();
        return isOnce || session.terminal.json || !session.terminal.interactive
          ? once(session, board)
          : live(session, at, board);
      },
      {
        onState: (state) => board.noteState(state),
        onAvailability: (gateId, availability) =>
          board.noteAvailability(gateId, availability, clock.wall()),
      },
    );
  });
}

async function once({ terminal, composition, signal }: Session, board: GateBoard): Promise<number> {
  const { clock } = composition;
  const deadline = clock.now() + ALL_WITHIN_MS;
  while (clock.now() < deadline && !board.cards().every(isKnown)) {
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
  const cards = board.cards();
  terminal.result(cards);
  terminal.say(renderGates(cards, clock.wall(), terminal));
  return cards.every(isWell) ? EXIT.ok : EXIT.no;
}

async function live(session: Session, { desk }: AtDesk, board: GateBoard): Promise<number> {
  const { terminal, composition, signal } = session;
  const { clock } = composition;
  void keepHeadFresh(desk, clock, signal);
  while (!signal.aborted) {
    const trouble = desk.isConnected ? '' : `\n${terminal.style('red', 'the broker is away')}`;
    const page = renderGates(board.cards(), clock.wall(), terminal);
    terminal.say(`${CLEAR_SCREEN}${page}${trouble}\n\nCtrl-C ends this page.`);
    await clock.sleep(RENEW_EVERY_MS, signal).catch(() => undefined);
  }
  return EXIT.ok;
}

const isKnown = ({ state, availability }: GateCard): boolean =>
  state !== undefined && availability !== 'unknown';

const isWell = ({ state, availability }: GateCard): boolean =>
  availability === 'online' && state?.gate.faults.length === 0;
