import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import type { Command } from 'commander';
import { PorticoError } from '../../domain/errors.ts';
import { cardOf, packCard } from '../../messaging/site/passport-card.ts';
import type { GatePassport } from '../../messaging/site/site-files.ts';
import { writePrivately } from '../../office/private-file.ts';
import { provisionGateOf } from '../../office/site-founder.ts';
import { withSite } from '../at-site.ts';
import { reloadLines } from '../broker-reload.ts';
import { type OwnCertificate, ownCertificateOf } from '../own-certificate.ts';
import { publishKeys } from '../publish-keys.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { codeForFile, codesFor, showCodes } from '../show-card.ts';
import { EXIT, type TerminalSize } from '../terminal.ts';

interface ProvisionOptions extends OwnCertificate {
  readonly out?: string;
  readonly qr?: true;
  readonly qrFile?: string;
}

export function addGateProvisionCommand(gate: Command, run: RunCommand): void {
  gate
    .command('provision')
    .description('make the one file with which a gate joins the site; again: new keys for it')
    .argument('<id>', 'opaque id of the gate: a-z, 0-9 and -; part of its topics')
    .option('--out <file>', 'the file (default: <id>.gate)')
    .option('--qr', 'show it as a code for `portico gate join --camera`, and write no file')
    .option('--qr-file <picture>', 'draw the code into an .svg or a .png, and write no other file')
    .option('--certificate <file>', 'of your own authority: for this gate, in its id')
    .option('--key <file>', 'its key')
    .addHelpText(
      'after',
      '\nExample:\n  portico gate provision front-door --site ~/harbour\n  portico gate provision front-door --qr',
    )
    .action((id: string, options: ProvisionOptions) =>
      run((session) => provision(session, id, options)),
    );
}

async function provision(session: Session, id: string, options: ProvisionOptions): Promise<number> {
  const { composition } = session;
  if (!/^[a-z0-9-]{1,40}$/.test(id)) throw misuse(`"${id}" is no id: a-z, 0-9 and -, up to 40`);
  const target = targetOf(session, id, options);
  const credential = ownCertificateOf(options);
  return withSite(session, async (folder) => {
    const isAgain = folder.readRoot().gates.some(({ gateId }) => gateId === id);
    const passport = await provisionGateOf(folder, {
      gateId: id,
      now: composition.clock.wall(),
      headEpoch: folder.openBook().head?.epoch ?? 0,
      ...(credential === undefined ? {} : { credential }),
    });
    if (target.kind === 'file')
      writePrivately(target.file, `${JSON.stringify(passport, null, 2)}\n`);
    const isPublished = await publishKeys(session, folder);
    await handOver(session, target, passport, isPublished);
    if (isAgain) for (const line of reloadLines(folder)) session.terminal.say(line);
    return EXIT.ok;
  });
}

/** How the passport leaves the desk. */
type Target =
  | { readonly kind: 'file' | 'picture'; readonly file: string }
  | { readonly kind: 'screen'; readonly room: TerminalSize };

/** Refuses before anything is made. @throws PORTICO_USAGE */
function targetOf(
  { terminal }: Session,
  id: string,
  { out, qr, qrFile }: ProvisionOptions,
): Target {
  if ([out, qr, qrFile].filter((option) => option !== undefined).length > 1) {
    throw misuse('--out, --qr and --qr-file exclude each other');
  }
  if (qr === true) {
    const room = terminal.json ? undefined : terminal.size;
    if (room === undefined) throw misuse('--qr needs a terminal to draw in; else: --qr-file');
    return { kind: 'screen', room };
  }
  const file = qrFile ?? out ?? `${id}.gate`;
  if (existsSync(file)) throw misuse(`${file} is there already: nothing is written over`);
  if (qrFile === undefined) return { kind: 'file', file };
  if (!['.svg', '.png'].includes(extname(qrFile)))
    throw misuse('--qr-file takes an .svg or a .png');
  return { kind: 'picture', file };
}

async function handOver(
  session: Session,
  target: Target,
  passport: GatePassport,
  isPublished: boolean,
): Promise<void> {
  const { terminal } = session;
  const { gateId } = passport;
  if (target.kind === 'file') {
    terminal.result({ gate: gateId, file: target.file, isPublished });
    terminal.say(`${target.file}: everything that ${gateId} needs, its keys too`);
    terminal.say(
      `Carry it to the gate by hand; there: portico gate join ${target.file}. Then delete it.`,
    );
    return;
  }
  const card = packCard(await cardOf(passport));
  if (target.kind === 'screen') {
    const text = [`At the gate: portico gate join --camera. Ctrl-C when it has read this.`, SECRET];
    await showCodes(session, await codesFor(card, target.room), text);
    terminal.say(`the code of ${gateId} was shown; ${SECRET}`);
    return;
  }
  const { file } = target;
  const { svg, png } = await codeForFile(card);
  writePrivately(file, extname(file) === '.svg' ? svg : png);
  terminal.result({ gate: gateId, file, isPublished });
  terminal.say(
    `${file}: the keys of ${gateId} as a code, for portico gate join --camera or ${file}`,
  );
  terminal.say(`Delete it when the gate has joined; ${SECRET}`);
}

const SECRET =
  'whoever has a picture of it is the gate, until `portico gate provision` makes it new keys.';

const misuse = (message: string): PorticoError =>
  new PorticoError('PORTICO_USAGE', { message, remedy: 'See: portico gate provision --help' });
