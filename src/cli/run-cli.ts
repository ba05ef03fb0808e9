import { Command, CommanderError } from 'commander';
import { PorticoError } from '../domain/errors.ts';
import { addArtCommands } from './commands/art.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addCalibrateCommand } from './commands/calibrate.ts';
import { addCommandCommand } from './commands/command.ts';
import { addCompareCommands } from './commands/compare.ts';
import { addConfigCommands } from './commands/config.ts';
import { addConsoleCommand } from './commands/console.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEnrolCommand } from './commands/enrol.ts';
import { addEvaluateCommands } from './commands/evaluate.ts';
import { addEventsCommand } from './commands/events.ts';
import { addGateCommands } from './commands/gate.ts';
import { addGatesCommand } from './commands/gates.ts';
import { addKeysCommands } from './commands/keys.ts';
import { addModelCommands } from './commands/models.ts';
import { addPeopleCommands } from './commands/people.ts';
import { addRelayCommand } from './commands/relay.ts';
import { addRiskCommand } from './commands/risk.ts';
import { addRunCommand } from './commands/run.ts';
import { addSiteCommands } from './commands/site.ts';
import { addStatusCommand } from './commands/status.ts';
import { addStoreCommands } from './commands/store.ts';
import { addSupportBundleCommand } from './commands/support-bundle.ts';
import { addTrainCommands } from './commands/train.ts';
import type { Composition } from './composition.ts';
import type { RunCommand } from './run-command.ts';
import { type Environment, type GlobalOptions, openSession } from './session.ts';
import { EXIT, Terminal } from './terminal.ts';

const EPILOGUE = `
Exit codes: 0 done and yes; 1 done and no (no match, a check failed); 2 wrong use; 3 a fault; 130 interrupted.

Examples:
  portico doctor
  portico enrol ada ada.jpg --name "Ada L."
  portico run --config /etc/portico/portico.json`;

/** Parses the arguments, runs the command and returns the exit code; never throws. */
export async function runCli(
  args: readonly string[],
  environment: Environment,
  composition: Composition,
): Promise<number> {
  const abort = new AbortController();
  const stop = (): void => abort.abort(new Error('interrupted'));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const program = new Command('portico');
  let exitCode: number = EXIT.ok;
  const run: RunCommand = async (work) => {
    const { config: configFile, json, site: siteFolder } = program.opts<GlobalOptions>();
    const terminal = openTerminal(environment, json === true);
    const { signal } = abort;
    const session = openSession({
      composition,
      terminal,
      environment,
      signal,
      configFile,
      siteFolder,
    });
    try {
      exitCode = await work(session);
    } catch (error) {
      exitCode = signal.aborted ? EXIT.interrupted : exitCodeOf(error);
      if (!signal.aborted) terminal.fault(error);
    } finally {
      terminal.clearBar();
    }
  };
  describe(program, composition.version, run);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return exitCode;
}

function describe(program: Command, version: string, run: RunCommand): void {
  program
    .description('A door that knows its people.')
    .version(version)
    .option(
      '--config <file>',
      'configuration (default: $PORTICO_CONFIG, else portico.json in the state directory)',
    )
    .option(
      '--site <folder>',
      "act on a site over its broker, not on this machine's gate (default: $PORTICO_SITE)",
    )
    .option('--json', 'the result as JSON on standard output, nothing else there')
    .addHelpText('after', EPILOGUE)
    .showHelpAfterError('(portico --help explains)')
    .exitOverride();
  addDemoCommand(program, run);
  addRunCommand(program, run);
  addStatusCommand(program, run);
  addRelayCommand(program, run);
  addConfigCommands(program, run);
  addStoreCommands(program, run);
  addDoctorCommand(program, run);
  addEnrolCommand(program, run);
  addSupportBundleCommand(program, run);
  addPeopleCommands(program, run);
  addConsoleCommand(program, run);
  addCompareCommands(program, run);
  addModelCommands(program, run);
  addBenchCommand(program, run);
  addEvaluateCommands(program, run);
  addRiskCommand(program, run);
  addTrainCommands(program, run);
  addCalibrateCommand(program, run);
  addArtCommands(program, run);
  addSiteCommands(program, run);
  addGateCommands(program, run);
  addGatesCommand(program, run);
  addCommandCommand(program, run);
  addKeysCommands(program, run);
  addEventsCommand(program, run);
  addAuditCommand(program, run);
}

function openTerminal(environment: Environment, json: boolean): Terminal {
  const noColour = (environment['NO_COLOR'] ?? '') !== '';
  return new Terminal({
    out: process.stdout,
    err: process.stderr,
    json,
    colour: process.stdout.isTTY && !noColour && !json,
    interactive: process.stderr.isTTY,
    size: () =>
      process.stdout.isTTY
        ? { columns: process.stdout.columns, lines: process.stdout.rows }
        : undefined,
  });
}

const exitCodeOf = (error: unknown): number =>
  error instanceof PorticoError && error.code === 'PORTICO_USAGE' ? EXIT.usage : EXIT.fault;
