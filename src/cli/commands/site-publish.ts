import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { publishSite } from '../../office/publish-site.ts';
import { type AtDesk, withSiteDesk } from '../at-site.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface PublishOptions {
  readonly force?: boolean;
}

export function addSitePublishCommand(site: Command, run: RunCommand): void {
  site
    .command('publish')
    .description('give the broker what it lacks, and the roster seven more days')
    .option('--force', 'vouch for what there is, although another desk vouched for more')
    .addHelpText(
      'after',
      '\nFor a new site, a broker that lost what it kept, and before seven days without any change are over.' +
        '\n\nExample:\n  portico site publish --site ~/harbour',
    )
    .action(({ force }: PublishOptions) =>
      run((session) => withSiteDesk(session, (at) => publish(session, at, force === true))),
    );
}

async function publish(
  { terminal }: Session,
  { folder, desk }: AtDesk,
  isForced: boolean,
): Promise<number> {
  const holdsRoot = existsSync(folder.rootPath);
  if (holdsRoot) await desk.publishKeys(folder.readRoot());
  const outcome = await publishSite({
    desk,
    isForced,
    onProgress: (done, total) => terminal.bar('filling the broker', done / total, `${done}`),
  });
  terminal.clearBar();
  const head = await desk.readHead();
  const people = desk.book.set().count;
  const validUntil = new Date(head?.validUntilMs ?? 0).toISOString();
  const keys = holdsRoot ? 'published' : 'left as they are';
  terminal.result({ outcome, people, epoch: head?.epoch ?? 0, validUntil, keys });
  terminal.say(
    `${outcome === 'renewed' ? 'the broker had everything' : 'the broker was given everything'}: ` +
      `${people} people, epoch ${head?.epoch ?? 0}, believed until ${validUntil}`,
  );
  if (!holdsRoot) terminal.note('the root key is not in this folder: keys were left as they are');
  return EXIT.ok;
}
