import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../domain/errors.ts';
import { homeAssistantProblems } from './home-assistant-section.ts';
import { type Config, configSchema } from './schema.ts';

export interface ConfigSources {
  /** Explicit file; absent: PORTICO_CONFIG, then <state>/portico.json if there is one. */
  readonly file?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Values from the command line, deepest wins; checked by the same schema. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/** Where state lives: the service's directory, else the user's data directory. */
export function stateDirectory(environment: ConfigSources['environment']): string {
  const { STATE_DIRECTORY: service, XDG_DATA_HOME: data } = environment;
  if (service !== undefined && service !== '') return service;
  return join(
    data !== undefined && data !== '' ? data : join(homedir(), '.local', 'share'),
    'portico',
  );
}

/** Where processes of one machine meet: the service's own directory, else where state lives. */
function runDirectory(environment: ConfigSources['environment']): string {
  const { RUNTIME_DIRECTORY: service } = environment;
  return service !== undefined && service !== '' ? service : stateDirectory(environment);
}

/** Where prepared models live. */
export function cacheDirectory(environment: ConfigSources['environment']): string {
  const { CACHE_DIRECTORY: service, XDG_CACHE_HOME: cache } = environment;
  if (service !== undefined && service !== '') return join(service, 'models');
  return join(
    cache !== undefined && cache !== '' ? cache : join(homedir(), '.cache'),
    'portico',
    'models',
  );
}

/**
 * Reads, checks and freezes the configuration; all faults are reported in one error.
 * @throws PORTICO_CONFIG_UNREADABLE when the file cannot be read or is not JSON
 * @throws PORTICO_CONFIG_INVALID naming every field that is wrong
 */
export function loadConfig(sources: ConfigSources): Config {
  const state = stateDirectory(sources.environment);
  const base = readConfigFile(sources, state);
  const parsed = configSchema.safeParse(merge(base, sources.overrides ?? {}));
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const { data } = parsed;
  const problems = crossCheck(data);
  if (problems.length > 0) throw invalid(problems.join('\n'));
  return deepFreeze({
    ...data,
    store: {
      path: resolve(data.store.path ?? join(state, 'portico.db')),
      keyFile: resolve(data.store.keyFile ?? join(state, 'portico.key')),
      credentialsDirectory: sources.environment['CREDENTIALS_DIRECTORY'],
    },
    site: {
      ...data.site,
      passport: resolve(data.site.passport ?? join(state, 'passport.json')),
      credentialsDirectory: sources.environment['CREDENTIALS_DIRECTORY'],
    },
    art: {
      ...data.art,
      socket: resolve(data.art.socket ?? join(runDirectory(sources.environment), 'art.sock')),
    },
    models: {
      directory: data.models.directory === undefined ? undefined : resolve(data.models.directory),
      cacheDirectory: resolve(data.models.cacheDirectory ?? cacheDirectory(sources.environment)),
      encoders: data.models.encoders,
    },
  });
}

function readConfigFile(sources: ConfigSources, state: string): Record<string, unknown> {
  const { PORTICO_CONFIG: fromEnvironment } = sources.environment;
  const explicit = sources.file ?? fromEnvironment;
  const path = explicit ?? join(state, 'portico.json');
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isRecord(value)) throw new SyntaxError('the file must hold one JSON object');
    return value;
  } catch (cause) {
    if (explicit === undefined && isMissing(cause)) return { schemaVersion: 1 };
    throw new ConfigError('PORTICO_CONFIG_UNREADABLE', {
      message: `the configuration ${path} cannot be read: ${cause instanceof Error ? cause.message : 'unknown'}`,
      remedy: 'Check the path, its permissions and that it is valid JSON.',
      cause,
    });
  }
}

function crossCheck(data: z.infer<typeof configSchema>): string[] {
  const problems: string[] = [];
  if (data.door.pulseMs > data.door.maximumPulseMs) {
    problems.push('door.pulseMs is above door.maximumPulseMs');
  }
  const { schedules, defaultSchedule } = data.policy;
  if (defaultSchedule !== 'always' && schedules[defaultSchedule] === undefined) {
    problems.push(`policy.defaultSchedule "${defaultSchedule}" is not among policy.schedules`);
  }
  const { content, gallery, manner, styles } = data.art;
  if (content === 'gallery' && gallery === undefined) {
    problems.push('art.content "gallery" needs art.gallery');
  }
  if (manner === 'slow' && styles === undefined) {
    problems.push('art.manner "slow" needs art.styles');
  }
  problems.push(...homeAssistantProblems(data.homeAssistant));
  try {
    new Intl.DateTimeFormat('en', { timeZone: data.gate.timeZone });
  } catch {
    problems.push(`gate.timeZone "${data.gate.timeZone}" is not a known IANA time zone`);
  }
  return problems;
}

function invalid(problems: string): ConfigError {
  return new ConfigError('PORTICO_CONFIG_INVALID', {
    message: `the configuration is not valid:\n${problems}`,
    remedy: 'Correct the fields named above; README.md shows a complete example.',
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';

function merge(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const below = result[key];
    result[key] = isRecord(value) && isRecord(below) ? merge(below, value) : value;
  }
  return result;
}

function deepFreeze<T extends object>(value: T): T {
  for (const child of Object.values(value)) {
    if (typeof child === 'object' && child !== null) deepFreeze(child);
  }
  return Object.freeze(value);
}
