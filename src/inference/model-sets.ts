import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ModelError } from '../domain/errors.ts';
import { readCalibration } from './calibration-file.ts';
import { manifestIds, readManifest } from './catalogue.ts';
import { livenessFusionPath, readLivenessFusion } from './liveness-fusion-file.ts';
import type { ModelManifest } from './manifest.ts';
import { type ModelSetState, readModelSetState, writeModelSetState } from './model-set-file.ts';

/** One text of a set, by its path below the folder of manifests. */
export interface ModelSetFile {
  readonly path: string;
  readonly text: string;
}

/** Manifests in a folder of their own, checked, not yet in force. */
export interface ModelSet {
  readonly name: string;
  readonly directory: string;
}

export interface ModelSetsOptions {
  /** Where sets are kept; need not exist. */
  readonly folder: string;
  /** The manifests of the release. */
  readonly shipped: string;
}

/** What a set may replace: texts only; weights are fetched as their manifest says, and must have its digest. */
export const MODEL_SET_PATH =
  /^[a-z0-9]+(?:[-+][a-z0-9]+)*\/(?:manifest|calibration|weights)\.json$/;
/** A trial that has not been confirmed by the second start has ended the gate twice. */
const STARTS_ON_TRIAL = 2;

/**
 * The manifests in force: those of the release, or a set that replaces some of them. Sets stand side by
 * side; a new one is on trial until it is confirmed, and whatever was before comes back if it is not. A set
 * is forgotten when another release brings other manifests.
 */
export class ModelSets {
  readonly #folder: string;
  readonly #shipped: string;

  constructor({ folder, shipped }: ModelSetsOptions) {
    this.#folder = folder;
    this.#shipped = shipped;
  }

  /** The folder of manifests to work with. */
  directory(): string {
    return this.#directoryOf(this.#state().set);
  }

  /** Who ordered the set that is on trial; undefined where none is. */
  get trialBy(): string | undefined {
    return this.#state().trial?.by;
  }

  /** The set in force; undefined: the release's own. */
  get name(): string | undefined {
    return this.#state().set;
  }

  /**
   * Builds a set out of what is in force and these files. Nothing is in force yet.
   * @throws PORTICO_MODEL_MANIFEST, PORTICO_MODEL_CALIBRATION for what no gate could work with
   */
  build(files: readonly ModelSetFile[]): ModelSet {
    const sets = join(this.#folder, 'sets');
    mkdirSync(sets, { recursive: true, mode: 0o700 });
    const draft = mkdtempSync(join(sets, 'draft-'));
    try {
      const present = this.directory();
      copyManifests(present, draft);
      for (const { path, text } of files) {
        if (!MODEL_SET_PATH.test(path)) throw refused(`${path} is no file of a set`);
        mkdirSync(dirname(join(draft, path)), { recursive: true });
        writeFileSync(join(draft, path), text);
      }
      check(present, draft);
      const name = digestOf(draft);
      const directory = join(sets, name);
      if (existsSync(directory)) rmSync(draft, { recursive: true });
      else renameSync(draft, directory);
      return { name, directory };
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      throw error;
    }
  }

  /** Puts a set in force, on trial, from the next start on. */
  begin({ name }: ModelSet, by: string): void {
    const { set } = this.#state();
    const before = set === undefined ? {} : { before: set };
    this.#write({ set: name, trial: { ...before, starts: 0, by } });
  }

  /** To be called with every start of a gate, before models are opened. */
  noteStart(): 'settled' | 'on-trial' | 'taken-back' {
    const state = this.#state();
    if (state.trial === undefined) return 'settled';
    if (state.trial.starts >= STARTS_ON_TRIAL) {
      this.takeBack();
      return 'taken-back';
    }
    this.#write({ ...state, trial: { ...state.trial, starts: state.trial.starts + 1 } });
    return 'on-trial';
  }

  /** The set on trial has proved itself; what nobody goes back to any more is deleted. */
  confirm(): void {
    const { trial: _trial, ...state } = this.#state();
    this.#write(state);
    const sets = join(this.#folder, 'sets');
    for (const name of readdirSync(sets)) {
      if (name !== state.set) rmSync(join(sets, name), { recursive: true, force: true });
    }
  }

  /** What was in force before the trial is so again, from the next start on. */
  takeBack(): void {
    const before = this.#state().trial?.before;
    this.#write(before === undefined ? {} : { set: before });
  }

  #directoryOf(name: string | undefined): string {
    if (name === undefined) return this.#shipped;
    const directory = join(this.#folder, 'sets', name);
    return existsSync(directory) ? directory : this.#shipped;
  }

  /** A set for another release is none. */
  #state(): ModelSetState {
    const base = digestOf(this.#shipped);
    const found = readModelSetState(this.#path);
    return found?.base === base ? found : { schemaVersion: 1, base };
  }

  #write(state: Omit<ModelSetState, 'schemaVersion' | 'base'>): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const { set, trial } = state;
    writeModelSetState(this.#path, {
      schemaVersion: 1,
      base: digestOf(this.#shipped),
      ...(set === undefined ? {} : { set }),
      ...(trial === undefined ? {} : { trial }),
    });
  }

  get #path(): string {
    return join(this.#folder, 'in-force.json');
  }
}

/** Texts and what lies beside them; not the programs that stand in the same folder of a release. */
function copyManifests(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === 'prepare') continue;
    cpSync(join(from, entry.name), join(to, entry.name), { recursive: true });
  }
}

/** @throws PORTICO_MODEL_MANIFEST, PORTICO_MODEL_CALIBRATION */
function check(present: string, draft: string): void {
  const known = new Map(manifestIds(present).map((id) => [id, readManifest(present, id)]));
  for (const id of manifestIds(draft)) {
    const manifest = readManifest(draft, id);
    if (JSON.stringify(manifest) !== JSON.stringify(known.get(id))) {
      checkChange(manifest, known.get(id));
    }
    readCalibration(draft, id);
  }
  readLivenessFusion(livenessFusionPath(draft));
}

function checkChange(manifest: ModelManifest, before: ModelManifest | undefined): void {
  const { id } = manifest;
  if (manifest.source.type === 'file')
    throw refused(`${id} would come from a file of this machine`);
  if (manifest.kind !== 'network') throw refused(`${id} holds pictures, not a network`);
  const isSameTask = before?.kind === 'network' && before.task === manifest.task;
  if (!isSameTask) throw refused(`${id} is no network of this gate with the task ${manifest.task}`);
  if (manifest.task === 'embedding') {
    throw refused(`${id} is an encoder: everybody's templates belong to its weights`);
  }
}

function digestOf(folder: string): string {
  const digest = createHash('sha256');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  for (const path of paths) {
    if (MODEL_SET_PATH.test(path))
      digest.update(`${path}\0`).update(readFileSync(join(folder, path)));
  }
  return digest.digest('hex').slice(0, 16);
}

const refused = (what: string): ModelError =>
  new ModelError('PORTICO_MODEL_MANIFEST', {
    message: `the models cannot be taken over: ${what}`,
    remedy:
      'Correct the manifest; an encoder comes with a release, and with everybody enrolled anew.',
  });
