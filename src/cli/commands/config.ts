import type { Command } from 'commander';
import { configJsonSchema, configKeys } from '../../config/describe-config.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

export function addConfigCommands(program: Command, run: RunCommand): void {
  const config = program.command('config').description('the configuration file');
  config
    .command('check')
    .description('read it as the gate would; exit 3 naming everything that is wrong')
    .action(() => run(check));
  config
    .command('explain')
    .argument('[prefix]', 'only keys that begin with this')
    .description('every key with type, bounds, default and meaning')
    .action((prefix?: string) => run((session) => explain(session, prefix ?? '')));
  config
    .command('schema')
    .description('as a JSON Schema, for editors')
    .action(() => run(schema));
}

/** The policy is checked as well: it is where valid values can contradict one another. */
async function check(session: Session): Promise<number> {
  const config = session.config();
  session.composition.policyOf(config);
  session.terminal.result(config);
  session.terminal.say('the configuration is valid');
  return EXIT.ok;
}

async function explain(session: Session, prefix: string): Promise<number> {
  const keys = configKeys().filter(({ key }) => key.startsWith(prefix));
  session.terminal.result(keys);
  const rows = keys.map(({ key, type, bounds, default: fallback, description }) => [
    key,
    bounds === '' ? type : `${type}, ${bounds}`,
    fallback,
    description,
  ]);
  session.terminal.say(session.terminal.table(['key', 'type', 'default', 'meaning'], rows));
  return keys.length === 0 ? EXIT.no : EXIT.ok;
}

async function schema(session: Session): Promise<number> {
  const value = configJsonSchema();
  session.terminal.result(value);
  session.terminal.say(JSON.stringify(value, null, 2));
  return EXIT.ok;
}
