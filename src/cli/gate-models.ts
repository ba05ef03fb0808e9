import type { Config } from '../config/schema.ts';
import { PorticoError } from '../domain/errors.ts';
import type { Cancel } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { ModelSet, ModelSetFile, ModelSets } from '../inference/model-sets.ts';
import type { Gate } from '../runtime/gate.ts';
import { modelsNeededBy } from '../runtime/needed-models.ts';
import { adoptModels } from './adopt-models.ts';
import { ensureModels } from './ensure-models.ts';
import { runApart } from './run-apart.ts';
import type { Session } from './session.ts';

/** So long must models on trial do without a fault. */
const TRIAL_MS = 60_000;
const FAULT_OF_MODELS = /^PORTICO_(MODEL|VISION|GRAPH|NUMERIC)_/;

export interface GateModelsParts {
  readonly session: Pick<
    Session,
    'composition' | 'signal' | 'terminal' | 'configFile' | 'environment'
  >;
  readonly config: Config;
  readonly logger: Logger;
  /** Ends the process in good order; whoever supervises it starts it again. */
  readonly restart: () => void;
  /** Puts a set on trial if it proves itself; default: in a process of its own. */
  readonly prove?: (
    sets: ModelSets,
    trial: { readonly set: ModelSet; readonly by: string },
  ) => Promise<boolean>;
}

/** The models of one running gate: made ready, replaced by order, and taken back when they do not prove themselves. */
export class GateModels {
  readonly #session: GateModelsParts['session'];
  readonly #config: Config;
  readonly #logger: Logger;
  readonly #sets: ModelSets | undefined;
  readonly #restart: () => void;
  readonly #prove: NonNullable<GateModelsParts['prove']>;
  #start: ReturnType<ModelSets['noteStart']> = 'settled';
  #gate: Gate | undefined;
  #cancelTrial: Cancel = () => undefined;
  #isAdopting = false;

  constructor({ session, config, logger, restart, prove }: GateModelsParts) {
    this.#session = session;
    this.#config = config;
    this.#logger = logger;
    this.#sets = session.composition.modelSets(config);
    this.#restart = restart;
    this.#prove = prove ?? ((sets, trial) => adoptModels(session, sets, trial));
  }

  /**
   * Before the door is open there is time for it, and a person may look on. What cannot be had is the
   * running gate's fault to show and to try again.
   */
  async ready(): Promise<void> {
    this.#start = this.#sets?.noteStart() ?? 'settled';
    try {
      await ensureModels(this.#session, this.#config, modelsNeededBy(this.#config));
    } catch (error) {
      if (this.#session.signal.aborted || !(error instanceof PorticoError)) throw error;
      const { code, message: detail, remedy } = error;
      this.#logger.error({ event: 'models.unready', code, detail, remedy }, 'models are missing');
    }
  }

  /** For a gate that runs without them. */
  async mend(): Promise<void> {
    await runApart(this.#session, ['models', 'prepare', ...modelsNeededBy(this.#config)]);
  }

  /** The gate stands: whatever is on trial has to show what it can. */
  follow(gate: Gate): void {
    this.#gate = gate;
    const sets = this.#sets;
    if (this.#start === 'taken-back') gate.report({ type: 'models.changed', change: 'taken-back' });
    if (this.#start !== 'on-trial' || sets === undefined) return;
    if (this.#hasFault(gate)) this.#takeBack(gate, sets);
    else {
      const { clock } = this.#session.composition;
      this.#cancelTrial = clock.after(TRIAL_MS, () => this.#judge(gate, sets));
    }
  }

  /** Answers at once; whether the models prove themselves is an event. */
  adopt(
    files: readonly ModelSetFile[],
    by: string,
  ): { readonly outcome: 'done' } | { readonly outcome: 'refused'; readonly detail: string } {
    const sets = this.#sets;
    if (sets === undefined) return refused('models.directory names a folder of its own');
    if (this.#isAdopting || sets.trialBy !== undefined) return refused('others are being tried');
    try {
      const set = sets.build(files);
      this.#isAdopting = true;
      void this.#try(sets, set, by).finally(() => {
        this.#isAdopting = false;
      });
      return { outcome: 'done' };
    } catch (error) {
      if (error instanceof PorticoError) return refused(error.message);
      throw error;
    }
  }

  close(): void {
    this.#cancelTrial();
  }

  async #try(sets: ModelSets, set: ModelSet, by: string): Promise<void> {
    const isProved = await this.#prove(sets, { set, by });
    if (isProved) this.#restart();
    else this.#gate?.report({ type: 'models.changed', change: 'refused', by });
  }

  #judge(gate: Gate, sets: ModelSets): void {
    if (this.#hasFault(gate)) {
      this.#takeBack(gate, sets);
      return;
    }
    const by = sets.trialBy;
    sets.confirm();
    const { name } = sets;
    gate.report({
      type: 'models.changed',
      change: 'adopted',
      ...(name === undefined ? {} : { set: name }),
      ...(by === undefined ? {} : { by }),
    });
    this.#logger.info(
      { event: 'models.adopted', version: name ?? 'shipped' },
      'models are adopted',
    );
  }

  #takeBack(gate: Gate, sets: ModelSets): void {
    sets.takeBack();
    gate.report({ type: 'models.changed', change: 'taken-back' });
    this.#logger.error({ event: 'models.taken-back' }, 'models on trial failed');
    this.#restart();
  }

  #hasFault(gate: Gate): boolean {
    return gate.faults.codes().some((code) => FAULT_OF_MODELS.test(code));
  }
}

const refused = (detail: string): { readonly outcome: 'refused'; readonly detail: string } => ({
  outcome: 'refused',
  detail,
});
