import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { PorticoError } from '../../domain/errors.ts';
import { writePrivately } from '../../office/private-file.ts';
import { provisionGateOf } from '../../office/site-founder.ts';
import { withSite } from '../at-site.ts';
import { type OwnCertificate, ownCertificateOf } from '../own-certificate.ts';
import { publishKeys } from '../publish-keys.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface ProvisionOptions extends OwnCertificate {
  readonly out?: string;
}

export function addGateProvisionCommand(gate: Command, run: RunCommand): void {
  gate
    .command('provision')
    .description('make the one file with which a gate joins the site; again: new keys for it')
    .argument('<id>', 'opaque id of the gate: a-z, 0-9 and -; part of its topics')
    .option('--out <file>', 'the file (default: <id>.gate)')
    .option('--certificate <file>', 'of your own authority: for this gate, in its id')
    .option('--key <file>', 'its key')
    .addHelpText('after', '\nExample:\n  portico gate provision front-door --site ~/harbour')
    .action((id: string, options: ProvisionOptions) =>
      run((session) => provision(session, id, options)),
    );
}

async function provision(session: Session, id: string, options: ProvisionOptions): Promise<number> {
  const { terminal, composition } = session;
  const file = options.out ?? `${id}.gate`;
  if (!/^[a-z0-9-]{1,40}$/.test(id)) throw misuse(`"${id}" is no id: a-z, 0-9 and -, up to 40`);
  if (existsSync(file)) throw misuse(`${file} is there already: nothing is written over`);
  const credential = ownCertificateOf(options);
  return withSite(session, async (folder) => {
    const passport = await provisionGateOf(folder, {
      gateId: id,
      now: composition.clock.wall(),
      headEpoch: folder.openBook().head?.epoch ?? 0,
      ...(credential === undefined ? {} : { credential }),
    });
    writePrivately(file, `${JSON.stringify(passport, null, 2)}\n`);
    const isPublished = await publishKeys(session, folder);
    terminal.result({ gate: id, file, isPublished });
    terminal.say(`${file}: everything that ${id} needs, its keys too`);
    terminal.say(`Carry it to the gate by hand; there: portico gate join ${file}. Then delete it.`);
    return EXIT.ok;
  });
}

const misuse = (message: string): PorticoError =>
  new PorticoError('PORTICO_USAGE', { message, remedy: 'See: portico gate provision --help' });
