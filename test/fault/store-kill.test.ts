import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../src/numeric/random.ts';
import { openTestStore, scratchFolder } from '../helpers/store-bench.ts';
import { after, EMPTY_MODEL, modelText, readModel, type StoreChange } from './store-model.ts';

/** Raise for a long run: npm run test:kills. */
const { STORE_KILL_ROUNDS = '64', STORE_KILL_CHANGES = '500' } = process.env;
const ROUNDS = Number(STORE_KILL_ROUNDS);
const CHANGES = Number(STORE_KILL_CHANGES);
const MOST_MESSAGES = 36;
const LONGEST_DELAY_MS = 8;
const LONGEST_START_MS = 250;
const writer = fileURLToPath(new URL('./store-writer.js', import.meta.url));

interface Death {
  /** Messages of the writer to wait for; none: it dies while it starts, opens and recovers. */
  readonly afterMessages: number;
  readonly delayMs: number;
}

/** Lets a writer live for so many messages and a moment, and kills it. */
async function killedWriter(path: string, seed: number, death: Death): Promise<unknown[]> {
  const child = spawn(process.execPath, [writer, path, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let messages = 0;
  const killWhenDue = () => {
    if (messages < death.afterMessages) return;
    setTimeout(() => child.kill('SIGKILL'), death.delayMs);
    messages = Number.NEGATIVE_INFINITY;
  };
  killWhenDue();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    messages += text.split('\n').length - 1;
    killWhenDue();
  });
  await new Promise((resolve) => child.once('close', resolve));
  assert.equal(child.signalCode, 'SIGKILL', 'the writer ends by being killed only');
  const lines = output.split('\n');
  lines.pop(); // an empty rest, or a line that was cut off before its change began
  return lines.map((line) => JSON.parse(line) as unknown);
}

describe('a store whose process is killed', () => {
  it('keeps every acknowledged change and never half of one', async (context) => {
    const path = join(scratchFolder(), 'killed.db');
    const random = seededRandom(41);
    let model = EMPTY_MODEL;
    let acknowledged = 0;
    let unacknowledged = 0;
    let kept = 0;
    for (let round = 0; round < ROUNDS || acknowledged < CHANGES; round += 1) {
      // Every eighth dies while it starts, opens and recovers what the one before it left.
      const death =
        round % 8 === 0
          ? { afterMessages: 0, delayMs: random() * LONGEST_START_MS }
          : {
              afterMessages: 1 + Math.floor(random() * MOST_MESSAGES),
              delayMs: random() * LONGEST_DELAY_MS,
            };
      const told = await killedWriter(path, round, death);
      let pending: StoreChange | undefined;
      for (const line of told) {
        if (line !== 'done') {
          pending = line as StoreChange;
          continue;
        }
        assert.ok(pending !== undefined);
        model = after(model, pending);
        acknowledged += 1;
        pending = undefined;
      }
      if (told.length === 0 && !existsSync(path)) continue;
      const store = openTestStore(path, { create: acknowledged === 0 });
      const found = modelText(readModel(store));
      store.close();
      if (pending !== undefined) {
        unacknowledged += 1;
        const whole = after(model, pending);
        if (found === modelText(whole)) {
          kept += 1;
          model = whole;
        }
      }
      assert.equal(
        found,
        modelText(model),
        `round ${round}: the store is not what was acknowledged`,
      );
    }
    context.diagnostic(
      `${acknowledged} acknowledged changes, ${unacknowledged} in flight when killed (${kept} of them whole), ${model.people.size} people left`,
    );
  });
});
