import type { Command } from 'commander';
import { CONSOLE_DEFAULTS, startConsole } from '../../console/console.ts';
import type { SiteFolder } from '../../office/site-folder.ts';
import { withSite } from '../at-site.ts';
import { ConsolePhotos } from '../console-photos.ts';
import { enrolmentJudgeOf } from '../enrolment-judge-of.ts';
import { parsePort } from '../parse-port.ts';
import { openAnalyser } from '../read-faces.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

export function addConsoleCommand(program: Command, run: RunCommand): void {
  program
    .command('console')
    .description('the page of a site’s administrator, for this computer’s own browser')
    .option('--port <port>', 'of the page; 0 takes a free one', parsePort, CONSOLE_DEFAULTS.port)
    .addHelpText('after', '\nExample:\n  portico console --site ~/harbour')
    .action(({ port }: { port: number }) =>
      run((session) => withSite(session, (folder) => serve(session, folder, port))),
    );
}

async function serve(session: Session, folder: SiteFolder, port: number): Promise<number> {
  const { terminal, signal, composition } = session;
  const config = session.config({ logLevel: 'warn' });
  const analyser = await openAnalyser(session, config);
  try {
    const page = await startConsole({
      host: CONSOLE_DEFAULTS.host,
      port,
      folder,
      photos: new ConsolePhotos(analyser),
      judge: enrolmentJudgeOf(session, config),
      clock: composition.clock,
      logger: session.logger(config),
      signal,
    });
    try {
      terminal.result({ url: page.invitation });
      terminal.say(`Open this link in your browser; it works once (Ctrl-C ends):`);
      terminal.say(`  ${page.invitation}`);
      await untilStopped(signal);
    } finally {
      await page.close();
    }
    return EXIT.ok;
  } finally {
    await analyser.close();
  }
}
