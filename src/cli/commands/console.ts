import type { Command } from 'commander';
import { CONSOLE_DEFAULTS, startConsole } from '../../console/console.ts';
import { PorticoError } from '../../domain/errors.ts';
import { SiteFolder } from '../../office/site-folder.ts';
import { ConsolePhotos } from '../console-photos.ts';
import { enrolmentJudgeOf } from '../enrolment-judge-of.ts';
import { parsePort } from '../parse-port.ts';
import { openAnalyser } from '../read-faces.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

interface ConsoleCommandOptions {
  readonly site?: string;
  readonly port: number;
}

export function addConsoleCommand(program: Command, run: RunCommand): void {
  program
    .command('console')
    .description('the page of a site’s administrator, for this computer’s own browser')
    .option('--site <folder>', 'the site’s folder (default: $PORTICO_SITE)')
    .option('--port <port>', 'of the page; 0 takes a free one', parsePort, CONSOLE_DEFAULTS.port)
    .addHelpText('after', '\nExample:\n  portico console --site ~/harbour')
    .action((options: ConsoleCommandOptions) => run((session) => serveConsole(session, options)));
}

async function serveConsole(session: Session, options: ConsoleCommandOptions): Promise<number> {
  const { terminal, signal, composition, environment } = session;
  const path = options.site ?? environment['PORTICO_SITE'];
  if (path === undefined) throw noSite();
  const folder = SiteFolder.open(path);
  const config = session.config();
  const logger = session.logger(config);
  const analyser = await openAnalyser(session, config);
  try {
    const page = await startConsole({
      host: CONSOLE_DEFAULTS.host,
      port: options.port,
      folder,
      photos: new ConsolePhotos(analyser),
      judge: enrolmentJudgeOf(session, config),
      clock: composition.clock,
      logger,
      signal,
    });
    terminal.result({ url: page.invitation });
    terminal.say(`open this link in your browser; it works once:\n  ${page.invitation}`);
    await untilStopped(signal);
    await page.close();
    return EXIT.ok;
  } finally {
    await analyser.close();
    folder.close();
  }
}

const noSite = (): PorticoError =>
  new PorticoError('PORTICO_USAGE', {
    message: 'which site?',
    remedy: 'Name its folder with --site, or in PORTICO_SITE.',
  });
