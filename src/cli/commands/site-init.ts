import { join } from 'node:path';
import type { Command } from 'commander';
import { PorticoError } from '../../domain/errors.ts';
import { isBrokerUrl } from '../../messaging/site/site-files.ts';
import type { SiteFolder } from '../../office/site-folder.ts';
import { foundOffice, type OwnTls } from '../../office/site-founder.ts';
import { siteOf } from '../at-site.ts';
import { BROKER_FOLDER } from '../broker-reload.ts';
import { readPem } from '../own-certificate.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface InitOptions {
  readonly broker: string;
  readonly authority?: string;
  readonly certificate?: string;
  readonly key?: string;
}

export function addSiteInitCommand(site: Command, run: RunCommand): void {
  site
    .command('init')
    .description('found a site: its keys, the first administrator, the broker’s certificates')
    .argument('<id>', 'opaque id of the site: a-z, 0-9 and -; part of every topic')
    .requiredOption(
      '--broker <url>',
      'mqtts://host:8883 as gates reach it, or mqtt://localhost:1883 without encryption',
    )
    .option('--authority <file>', 'certificates of your own authority (PEM), instead of a new one')
    .option('--certificate <file>', 'of your own authority: for this administrator')
    .option('--key <file>', 'its key')
    .addHelpText(
      'after',
      '\nExample:\n  portico site init harbour --broker mqtts://broker.local:8883 --site ~/harbour',
    )
    .action((id: string, options: InitOptions) => run((session) => init(session, id, options)));
}

async function init(session: Session, id: string, options: InitOptions): Promise<number> {
  const path = siteOf(session);
  if (!/^[a-z0-9-]{1,40}$/.test(id)) throw misuse(`"${id}" is no id: a-z, 0-9 and -, up to 40`);
  if (!isBrokerUrl(options.broker)) {
    throw misuse(`"${options.broker}" is no broker: mqtts://host:port, or mqtt:// on this machine`);
  }
  const ownTls = ownTlsOf(options);
  const folder = await foundOffice({
    path,
    site: id,
    url: options.broker,
    now: session.composition.clock.wall(),
    brokerFiles: session.composition.brokerFiles(),
    ...(ownTls === undefined ? {} : { ownTls }),
  });
  folder.close();
  const backUp = ['site.json', 'seat.json', ...(hasAuthority(folder) ? ['authority.key'] : [])];
  session.terminal.result({ site: id, folder: folder.path, broker: options.broker, backUp });
  session.terminal.say(explain(session, folder, backUp));
  return EXIT.ok;
}

const hasAuthority = (folder: SiteFolder): boolean => folder.readAuthority() !== undefined;

function explain({ terminal }: Session, folder: SiteFolder, backUp: readonly string[]): string {
  const { path, seat } = folder;
  const title = (text: string): string => terminal.style('bold', text);
  return [
    `the site ${seat.site} is founded in ${path}; you may do everything in it`,
    '',
    title('Back up now, off this computer'),
    `  ${backUp.map((name) => join(path, name)).join('\n  ')}`,
    '  Who has site.json and authority.key commands every door; without site.json no gate and no',
    '  administrator can be added. Take both off this computer where they are not needed daily.',
    ...(hasAuthority(folder)
      ? ['', title('On the broker (mosquitto 2)'), ...brokerLines(path)]
      : []),
    '',
    title('Then'),
    '  portico site publish                      # tells the broker who belongs to the site',
    '  portico gate provision front-door         # makes the file with which a gate joins',
    '  portico enrol ada ada.jpg --name "Ada L." # the first person',
    `  (with --site ${path}, or PORTICO_SITE=${path})`,
  ].join('\n');
}

const brokerLines = (path: string): readonly string[] => [
  `  sudo install -d -m 750 -o mosquitto ${BROKER_FOLDER}`,
  `  sudo install -m 640 -o mosquitto -t ${BROKER_FOLDER} ${path}/broker/*.crt ${path}/broker/broker.key ${path}/broker/revoked.crl ${path}/broker/mosquitto.acl`,
  `  sudo install -b -m 644 ${path}/broker/mosquitto.conf /etc/mosquitto/mosquitto.conf`,
  '  sudo systemctl restart mosquitto',
];

function ownTlsOf({ broker, authority, certificate, key }: InitOptions): OwnTls | undefined {
  if (authority === undefined && certificate === undefined && key === undefined) return undefined;
  if (authority === undefined || certificate === undefined || key === undefined) {
    throw misuse('--authority, --certificate and --key go together');
  }
  if (!broker.startsWith('mqtts:')) throw misuse('certificates need a broker at mqtts://');
  return {
    authority: readPem(authority),
    credential: { certificate: readPem(certificate), privateKey: readPem(key) },
  };
}

const misuse = (message: string): PorticoError =>
  new PorticoError('PORTICO_USAGE', { message, remedy: 'See: portico site init --help' });
