import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { type AdjustableLogger, createLogger } from '../logging/logger.ts';
import type { Composition } from './composition.ts';
import type { Terminal } from './terminal.ts';

export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly site?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What every command works with. */
export interface Session {
  readonly composition: Composition;
  readonly terminal: Terminal;
  readonly environment: Environment;
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly signal: AbortSignal;
  /** Folder of the site to act on; undefined: this machine's gate. */
  readonly site: string | undefined;
  /** Named on the command line. */
  readonly configFile: string | undefined;
  config(overrides?: Readonly<Record<string, unknown>>): Config;
  /** Log lines go to standard error, so that standard output stays the result. */
  logger(config: Config): AdjustableLogger;
}

export interface SessionParts {
  readonly composition: Composition;
  readonly terminal: Terminal;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly configFile: string | undefined;
  readonly siteFolder: string | undefined;
}

export function openSession(parts: SessionParts): Session {
  const { composition, terminal, environment, signal, configFile, siteFolder } = parts;
  const site = siteFolder ?? environment['PORTICO_SITE'];
  return {
    composition,
    terminal,
    environment,
    signal,
    site: site === '' ? undefined : site,
    configFile,
    config: (overrides) =>
      loadConfig({
        file: configFile,
        environment,
        ...(overrides === undefined ? {} : { overrides }),
      }),
    logger: (config) =>
      createLogger(config.logLevel, { write: (line: string) => void process.stderr.write(line) }),
  };
}
