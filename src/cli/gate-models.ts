import type { Config } from '../config/schema.ts';
import { PorticoError } from '../domain/errors.ts';
import type { Cancel } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { ModelSetFile, ModelSets } from '../inference/model-sets.ts';
import type { Gate } from '../runtime/gate.ts';
import { modelsNeededBy } from '../runtime/needed-models.ts';
import { adoptModels } from './adopt-models.ts';
import { ensureModels } from './ensure-models.ts';
import { runApart } from './run-apart.ts';
import type { Session } from './session.ts';

/** So long must models on trial do without a fault. */
const TRIAL_MS = 60_000;
const FAULT_OF_MODELS = /^PORTICO_(MODEL|VISION|GRAPH|NUMERIC)_/;

/** The models of one running gate: made ready, replaced by order, and taken back when they do not prove themselves. */
export class GateModels {
  readonly #session: Session;
  readonly #config: Config;
  readonly #logger: Logger;
  readonly #sets: ModelSets | undefined;
  readonly #restart: () => void;
  #start: ReturnType<ModelSets['noteStart']> = 'settled';
  #gate: Gate | undefined;
  #cancelTrial: Cancel = () => undefined;
  #isAdopting = false;

  /** @param restart  ends the process in good order; whoever supervises it starts it again */
  constructor(session: Session, config: Config, logger: Logger, restart: () => void) {
    this.#session = session;
    this.#config = config;
    this.#logger = logger;
    this.#sets = session.composition.modelSets(config);
    this.#restart = restart;
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
    if (this.#start === 'taken-back') gate.note({ type: 'models.changed', change: 'taken-back' });
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

  async #try(sets: ModelSets, set: ReturnType<ModelSets['build']>, by: string): Promise<void> {
    const isProved = await adoptModels(this.#session, sets, { set, by });
    if (isProved) this.#restart();
    else this.#gate?.note({ type: 'models.changed', change: 'refused', by });
  }

  #judge(gate: Gate, sets: ModelSets): void {
    if (this.#hasFault(gate)) {
      this.#takeBack(gate, sets);
      return;
    }
    const by = sets.trialBy;
    sets.confirm();
    const { name } = sets;
    gate.note({
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
    gate.note({ type: 'models.changed', change: 'taken-back' });
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
