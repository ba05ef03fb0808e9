import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { PorticoError } from '../../domain/errors.ts';
import { checkPassport, type Knock } from '../../messaging/gate/check-passport.ts';
import { readSiteBytes } from '../../office/private-file.ts';
import { bindToSite, keepPassport } from '../../runtime/site-passport.ts';
import { knockAtBroker } from '../knock-at-broker.ts';
import { countFrom } from '../parse-count.ts';
import { passportIn, redeemed } from '../passport-from.ts';
import { openPeopleStore } from '../people-store.ts';
import { cardBeforeCamera } from '../read-card.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

const STANDARD_INPUT = 0;
const REMEDY =
  'Name the file that `portico gate provision` has made; where the gate has a user of its own, hand it over: portico gate join - < FILE.';

export function addGateJoinCommand(gate: Command, run: RunCommand): void {
  gate
    .command('join')
    .description('make this gate one of a site; exit 1 if it has joined, but the broker is away')
    .argument(
      '[passport]',
      'the file that the administrator made for this gate, or a photograph of its code; secret; - for standard input',
    )
    .option('--camera', "read the code that is held before this gate's camera")
    .option('--within <seconds>', 'how long to look for it', countFrom(1, 3_600), 120)
    .addHelpText(
      'after',
      '\nExample:\n  portico gate join front-door.gate\n  portico gate join --camera\n  sudo portico gate join - < front-door.gate',
    )
    .action((path: string | undefined, options: JoinOptions) =>
      run((session) => join(session, path, options)),
    );
}

interface JoinOptions {
  readonly camera?: true;
  readonly within: number;
}

async function join(
  session: Session,
  path: string | undefined,
  { camera, within }: JoinOptions,
): Promise<number> {
  if ((path === undefined) === (camera === undefined)) throw misuse();
  const { terminal, composition } = session;
  const config = session.config();
  const passport =
    path === undefined
      ? await redeemed(session, await cardBeforeCamera(session, within * 1_000))
      : await passportIn(
          session,
          path === '-' ? readFileSync(STANDARD_INPUT) : readSiteBytes(path, REMEDY),
        );
  await checkPassport(passport);
  const { site, gateId, broker } = passport;
  const kept = config.site.passport;
  const store = openPeopleStore(config, composition.clock, true);
  try {
    bindToSite(store, site);
  } finally {
    store.close();
  }
  mkdirSync(dirname(kept), { recursive: true, mode: 0o700 });
  keepPassport(kept, passport);
  terminal.bar('the broker', undefined, broker.url);
  const answer = await knockAtBroker(session, passport);
  terminal.clearBar();
  terminal.result({ site, gateId, broker: broker.url, passport: kept, ...answer });
  terminal.say(`this gate is ${gateId} of the site ${site}; its keys are in ${kept}`);
  terminal.say(brokerLine(broker.url, answer));
  const original = path === '-' || path === undefined ? 'the original' : path;
  terminal.say(`next: delete ${original}, which holds the same keys, and restart the gate`);
  return answer.outcome === 'welcome' ? EXIT.ok : EXIT.no;
}

function brokerLine(url: string, answer: Knock): string {
  switch (answer.outcome) {
    case 'welcome':
      return `the broker ${url} lets it in`;
    case 'refused':
      return `the broker ${url} does not let it in: ${answer.detail}; look at its access list and certificates`;
    case 'no-answer':
      return `the broker ${url} does not answer: ${answer.detail}; the gate goes on trying by itself`;
  }
}

const misuse = (): PorticoError =>
  new PorticoError('PORTICO_USAGE', {
    message: 'name the file of the passport, or --camera, and not both',
    remedy: 'See: portico gate join --help',
  });
