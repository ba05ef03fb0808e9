import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after as afterAll, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../src/numeric/random.ts';
import { openTestStore } from '../helpers/store-bench.ts';
import { type DiskStep, recordDisk, recorderMissing } from './disk-recording.ts';
import {
  after,
  EMPTY_MODEL,
  modelText,
  readModel,
  type StoreChange,
  type StoreModel,
} from './store-model.ts';
import { UnsafeDisk } from './unsafe-disk.ts';

/** Raise for a long run: npm run test:kills. */
const { POWER_CUTS = '400', POWER_CUT_SEED = '1' } = process.env;
const CUTS = Number(POWER_CUTS);
const CUTS_PER_RECORDING = 2_500;
const CHANGES = 120;
const writer = fileURLToPath(new URL('./store-writer.js', import.meta.url));

// The files of a cut are written and read once: they need no disk.
const bench = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'portico-cut-'));
afterAll(() => rmSync(bench, { recursive: true, force: true }));

/** What was acknowledged at a moment, and the change that was under way. */
interface Told {
  readonly model: StoreModel;
  readonly pending: StoreChange | undefined;
}

function heard({ model, pending }: Told, text: string): Told {
  const message = JSON.parse(text) as StoreChange | 'done';
  if (message !== 'done') return { model, pending: message };
  assert.ok(pending !== undefined);
  return { model: after(model, pending), pending: undefined };
}

interface Tally {
  cuts: number;
  inFlight: number;
  whole: number;
  before: number;
}

/** Opens what a cut has left. @throws AssertionError when an acknowledged change is gone or half of one is there */
function examine(files: ReadonlyMap<string, Buffer>, told: Told, tally: Tally): void {
  const folder = join(bench, 'found');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [path, content] of files) {
    // Shared memory does not outlive the machine.
    if (!path.endsWith('-shm')) writeFileSync(join(folder, basename(path)), content);
  }
  tally.cuts += 1;
  const path = join(folder, 'store.db');
  if (!existsSync(path)) {
    assert.equal(modelText(told.model), modelText(EMPTY_MODEL), 'a store that was used is gone');
    tally.before += 1;
    return;
  }
  const store = openTestStore(path, { create: false });
  const found = modelText(readModel(store));
  store.close();
  const { model, pending } = told;
  if (pending !== undefined) tally.inFlight += 1;
  if (pending !== undefined && found === modelText(after(model, pending))) tally.whole += 1;
  else assert.equal(found, modelText(model), 'the store is not what was acknowledged');
}

/** Cuts the power at so many moments of a recording. */
function cutThrough(steps: readonly DiskStep[], folder: string, cuts: number, seed: number): Tally {
  const random = seededRandom(seed);
  const moments = Array.from({ length: cuts }, () => Math.floor(random() * (steps.length + 1)));
  moments.sort((left, right) => left - right);
  const tally = { cuts: 0, inFlight: 0, whole: 0, before: 0 };
  const disk = new UnsafeDisk(folder);
  let told: Told = { model: EMPTY_MODEL, pending: undefined };
  let at = 0;
  for (const moment of moments) {
    for (const step of steps.slice(at, moment)) {
      disk.apply(step);
      if (step.kind === 'said') told = heard(told, step.text);
    }
    at = Math.max(at, moment);
    examine(disk.cut(random), told, tally);
  }
  return tally;
}

describe('a store whose machine loses its power', { skip: recorderMissing() }, () => {
  it('opens, keeps every acknowledged change and never half of one', async (context) => {
    const sum: Tally = { cuts: 0, inFlight: 0, whole: 0, before: 0 };
    for (let round = 0; sum.cuts < CUTS; round += 1) {
      const folder = join(bench, `recorded-${round}`);
      mkdirSync(folder);
      const seed = Number(POWER_CUT_SEED) * 1_000 + round;
      const command = [process.execPath, writer, join(folder, 'store.db')];
      const steps = await recordDisk(
        [...command, String(seed), String(CHANGES)],
        join(bench, 'trace'),
        join(folder, 'store.db'),
      );
      rmSync(folder, { recursive: true });
      const cuts = Math.min(CUTS - sum.cuts, CUTS_PER_RECORDING);
      const tally = cutThrough(steps, folder, cuts, seed);
      for (const key of ['cuts', 'inFlight', 'whole', 'before'] as const) sum[key] += tally[key];
    }
    context.diagnostic(
      `${sum.cuts} power cuts, ${sum.inFlight} within a change (${sum.whole} of them whole), ${sum.before} before there was a store`,
    );
    assert.ok(sum.inFlight > sum.cuts / 4, 'the cuts come in the middle of changes');
  });

  it('would notice a store that acknowledges before it syncs', async () => {
    const folder = join(bench, 'unsynced');
    mkdirSync(folder);
    const steps = await recordDisk(
      [process.execPath, writer, join(folder, 'store.db'), '1', '40'],
      join(bench, 'trace'),
      join(folder, 'store.db'),
    );
    const [first = 0] = steps.flatMap(({ kind }, index) => (kind === 'said' ? [index] : []));
    const unsynced = steps.filter(({ kind }, index) => kind !== 'sync' || index < first);
    assert.throws(() => cutThrough(unsynced, folder, 100, 1));
  });
});
