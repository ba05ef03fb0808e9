import { planReload } from '../config/plan-reload.ts';
import type { Config } from '../config/schema.ts';
import { PorticoError } from '../domain/errors.ts';
import type { AdjustableLogger } from '../logging/logger.ts';
import type { Gate } from '../runtime/gate.ts';
import type { Session } from './session.ts';

export interface ReloadParts {
  readonly session: Session;
  readonly gate: Pick<Gate, 'adoptPolicy'>;
  readonly logger: AdjustableLogger;
  /** Reads the configuration anew. @throws PORTICO_CONFIG_* */
  readonly read: () => Config;
}

/** What runs from now on, and why it is not the new one. */
export interface Reloaded {
  readonly config: Config;
  readonly problem?: string;
}

/**
 * Takes over what a running gate can, and says what has to wait. A configuration that is not valid
 * changes nothing.
 */
export function reloadConfig(running: Config, parts: ReloadParts): Reloaded {
  const { session, gate, logger, read } = parts;
  try {
    const { config, adopted, needRestart } = planReload(running, read());
    gate.adoptPolicy(session.composition.policyOf(config));
    logger.level = config.logLevel;
    logger.info(
      { event: 'config.reloaded', adopted, needRestart },
      'the configuration was read anew',
    );
    session.terminal.say(
      `configuration: ${adopted.length === 0 ? 'nothing to take over' : `took over ${adopted.join(', ')}`}` +
        (needRestart.length === 0 ? '' : `; restart needed for ${needRestart.join(', ')}`),
    );
    return { config };
  } catch (error) {
    if (!(error instanceof PorticoError)) throw error;
    logger.error(
      { event: 'config.refused', code: error.code, detail: error.message },
      'the new configuration is not valid; the old one stays',
    );
    session.terminal.note(`the old configuration stays: ${error.message}`);
    return { config: running, problem: error.message };
  }
}
