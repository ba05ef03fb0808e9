import { statSync } from 'node:fs';
import type { Config } from '../config/schema.ts';
import { PorticoError } from '../domain/errors.ts';
import type { Store } from '../gallery/store.ts';
import { cachedFiles } from '../inference/model-paths.ts';
import { kernelLines } from '../support/kernel-lines.ts';
import { plainText } from '../support/plain-text.ts';
import { redactConfig } from '../support/redact-config.ts';
import { redactLogLine } from '../support/redact-log.ts';
import { StruckWords } from '../support/struck-words.ts';
import type { BundleEntry } from '../support/write-bundle.ts';
import { askMetrics, askStatus } from './ask-gate.ts';
import { askProgram } from './ask-program.ts';
import { examine } from './examine.ts';
import { machineFacts } from './machine-facts.ts';
import { openPeopleStore } from './people-store.ts';
import { readGiven } from './read-given.ts';
import type { Session } from './session.ts';

const LOG_REMEDY = 'Name a file that the user of the gate may read.';

export interface SupportSources {
  /** The gate's log as a file; absent: the journal of its units. */
  readonly log: string | undefined;
  /** The kernel's log as a file; absent: dmesg. */
  readonly kernelLog: string | undefined;
  /** Newest lines of the log that are taken. */
  readonly lines: number;
}

const UNITS = [
  'portico.service',
  'portico-art.service',
  'portico-kiosk.service',
  'portico-check.service',
];
const UNIT_FACTS =
  'Id,LoadState,ActiveState,SubState,Result,NRestarts,ExecMainStatus,ExecMainCode,ActiveEnterTimestamp,MemoryCurrent,MemoryPeak,TasksCurrent,NeedDaemonReload';
const NOT_READABLE = 'not readable here\n';

/**
 * What somebody far away needs to see what is the matter, and nothing about the people of the door. The
 * people are asked for once, to strike them out wherever a text might still name them.
 */
export async function gatherSupport(
  session: Session,
  config: Config,
  sources: SupportSources,
): Promise<readonly BundleEntry[]> {
  const { store, people } = stockOf(session, config);
  const strike = (text: string): string => people?.text(text) ?? text;
  const json = (name: string, value: unknown): BundleEntry => ({
    name,
    text: `${JSON.stringify(people?.value(value) ?? value, null, 2)}\n`,
  });
  const checks = await examine(session, config);
  return [
    { name: 'README.txt', text: explanation(people !== undefined) },
    json('versions.json', { portico: session.composition.version, ...(await machineFacts()) }),
    json('configuration.json', redactConfig(config)),
    json(
      'doctor.json',
      checks.map(({ part, outcome, detail, fix }) => ({
        part,
        outcome,
        detail: plainText(detail),
        fix: plainText(fix),
      })),
    ),
    json('status.json', await askStatus(config).catch(() => 'no gate of this version answers')),
    { name: 'metrics.txt', text: await askMetrics(config).catch(() => 'no gate answers\n') },
    json('store.json', store),
    json('models.json', await modelsOf(session, config)),
    { name: 'units.txt', text: strike((await unitStates()) ?? NOT_READABLE) },
    { name: 'log.txt', text: (await logLines(sources, people)) ?? NOT_READABLE },
    { name: 'kernel.txt', text: strike((await kernelLog(sources)) ?? NOT_READABLE) },
  ];
}

interface Stock {
  readonly store: Readonly<Record<string, unknown>>;
  /** Undefined where the store cannot be read. */
  readonly people: StruckWords | undefined;
}

function stockOf({ composition }: Session, config: Config): Stock {
  const { path } = config.store;
  let store: Store | undefined;
  try {
    store = openPeopleStore(config, composition.clock, false);
    const people = store.identities();
    const templates: Record<string, number> = {};
    for (const { identityId } of people) {
      for (const { modelId } of store.templatesOf(identityId)) {
        templates[modelId] = (templates[modelId] ?? 0) + 1;
      }
    }
    const { acknowledged, last } = store.outboxRange();
    return {
      store: {
        people: people.length,
        templates,
        events: { last, waiting: last - acknowledged },
        fileBytes: statSync(path).size,
        schema: store.schemaVersion,
      },
      people: new StruckWords(people),
    };
  } catch (error) {
    if (!(error instanceof PorticoError)) throw error;
    return { store: { fault: error.code }, people: undefined };
  } finally {
    store?.close();
  }
}

/** State and digest of every model; where a file came from beside npm is the site's own affair. */
async function modelsOf(session: Session, config: Config): Promise<unknown> {
  const catalogue = session.composition.catalogue(config);
  const states = await session.composition.listModels(config);
  return states.map(({ id, state, source }) => ({
    id,
    state,
    source: plainText(source),
    sha256: cachedFiles(config.models.cacheDirectory, catalogue.manifest(id)).map(
      ({ sha256 }) => sha256,
    ),
  }));
}

const unitStates = (): Promise<string | undefined> =>
  askProgram('systemctl', ['show', '--no-pager', `--property=${UNIT_FACTS}`, ...UNITS]);

async function logLines(
  { log, lines }: SupportSources,
  people: StruckWords | undefined,
): Promise<string | undefined> {
  const units = UNITS.flatMap((unit) => ['-u', unit]);
  const text =
    log === undefined
      ? await askProgram('journalctl', [...units, '-n', String(lines), '-o', 'cat', '--no-pager'])
      : readGiven(log, LOG_REMEDY);
  return text
    ?.split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-lines)
    .map((line) => `${redactLogLine(line, people)}\n`)
    .join('');
}

async function kernelLog({ kernelLog: path }: SupportSources): Promise<string | undefined> {
  const text = path === undefined ? await askProgram('dmesg', []) : readGiven(path, LOG_REMEDY);
  return text === undefined ? undefined : `${kernelLines(text).join('\n')}\n`;
}

const explanation = (arePeopleKnown: boolean): string =>
  `What a Portico gate says of itself, for whoever helps from afar.

In it: versions, configuration, the doctor's findings, status and metrics, counts of the store, models and their
digests, states of the units, the newest lines of the gate's log, and what the kernel said about its devices.
Not in it: names, ids and templates of people, pictures, keys, passwords, addresses, and texts that somebody
wrote into the configuration. Fields are chosen one by one; what nobody chose stays behind.
${
  arePeopleKnown
    ? 'The ids and names of everybody enrolled were struck out of every text besides.\n'
    : 'The store could not be read, so the log is without the sentences in which somebody might be named.\n'
}`;
