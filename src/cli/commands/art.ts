import type { Command } from 'commander';
import { gradientCheckReport } from '../../gradient/check/gradient-check-report.ts';
import { loadEngine } from '../../inference/engine.ts';
import { GraphSession } from '../../inference/graph-session.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { addFlickerCommand } from './art-flicker.ts';
import { addPaintCommand } from './art-paint.ts';
import { addArtRunCommand } from './art-run.ts';
import { addSpeedCommand } from './art-speed.ts';
import { addStyliseCommand } from './art-stylise.ts';
import { addTrainCommand } from './art-train.ts';
import { addUnitsCommand } from './art-units.ts';

/** Float32 derivatives that are right stay below this; a wrong one is off by 1e-2 and more. */
const WORST_ERROR = 5e-5;

export function addArtCommands(program: Command, run: RunCommand): void {
  const art = program.command('art').description('pictures for the idle screen');
  addPaintCommand(art, run);
  addArtRunCommand(art, run);
  addUnitsCommand(art, run);
  addStyliseCommand(art, run);
  addTrainCommand(art, run);
  addSpeedCommand(art, run);
  addFlickerCommand(art, run);
  art
    .command('check')
    .description('check the derivative of every operator on this machine against float64')
    .action(() => run(checkGradients));
}

async function checkGradients(session: Session): Promise<number> {
  const { terminal, signal } = session;
  const { engineModule } = session.config().inference;
  const engine = loadEngine(engineModule);
  const reports = await gradientCheckReport(
    async (graph, feeds) => {
      signal.throwIfAborted();
      const ready = await GraphSession.open(engine, graph, { threads: 1 });
      try {
        return await ready.run(feeds);
      } finally {
        await ready.close();
      }
    },
    { onOperator: ({ operator }) => terminal.bar('checking derivatives', undefined, operator) },
  );
  terminal.clearBar();
  terminal.result({ tolerance: WORST_ERROR, operators: reports });
  terminal.say(
    terminal.table(
      ['operator', 'cases', 'forward', 'derivative'],
      reports.map(({ operator, cases, forwardError, backwardError }) => [
        operator,
        String(cases),
        forwardError.toExponential(1),
        backwardError.toExponential(1),
      ]),
    ),
  );
  const isRight = reports.every(({ backwardError }) => backwardError <= WORST_ERROR);
  return isRight ? EXIT.ok : EXIT.no;
}
