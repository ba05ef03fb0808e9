import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Relay, RelayState } from '../../src/domain/ports/relay.ts';

/** One relay with a look at its real output, opened afresh for every test. */
export interface RelayRig {
  readonly relay: Relay;
  /** The output itself, as seen from outside the driver. */
  isOn(): boolean;
  /** Makes the output refuse to be energised from now on. */
  breakOutput(): void;
  dispose(): Promise<void>;
}

export interface RelayRigKind {
  readonly name: string;
  /** False for hardware that cannot be asked: it is never claimed to be released. */
  readonly readsBack: boolean;
  /** False where the hardware has no way to report a failed write. */
  readonly reportsFaults: boolean;
  /** Why it cannot run here. */
  readonly skip: string | undefined;
  open(maxPulseMs: number): Promise<RelayRig>;
}

const MAX_PULSE_MS = 5_000;
/** A scheduler of a busy machine may be this late. */
const LATENESS_MS = 2_500;
const coded = (code: string) => (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === code;

export async function waitUntil(claim: () => boolean, timeoutMs: number): Promise<void> {
  const untilMs = performance.now() + timeoutMs;
  while (!claim()) {
    if (performance.now() > untilMs) assert.fail(`not true within ${timeoutMs} ms: ${claim}`);
    await sleep(3);
  }
}

/** What every relay driver promises; see the port. */
export function relayContract(kind: RelayRigKind): void {
  const off: RelayState = kind.readsBack ? 'released' : 'unknown';
  const withRig = (test: (rig: RelayRig) => Promise<void>) => async (): Promise<void> => {
    const rig = await kind.open(MAX_PULSE_MS);
    try {
      await test(rig);
    } finally {
      await rig.relay.close().catch(() => {});
      await rig.dispose();
    }
  };

  describe(`relay contract: ${kind.name}`, { skip: kind.skip ?? false }, () => {
    it(
      'is released after it was opened',
      withRig(async ({ relay, isOn }) => {
        assert.equal(await relay.state(), off);
        await waitUntil(() => !isOn(), LATENESS_MS);
      }),
    );

    it(
      'energises for the asked time, tells both changes, and ends by itself',
      withRig(async ({ relay, isOn }) => {
        const told: RelayState[] = [];
        relay.onChange((state) => told.push(state));
        const startedMs = performance.now();
        await relay.pulse(800);
        assert.equal(await relay.state(), 'energised');
        await waitUntil(isOn, LATENESS_MS);
        await waitUntil(() => !isOn(), 800 + LATENESS_MS);
        assert.ok(performance.now() - startedMs > 700, 'ended too early');
        await waitUntil(() => told.length >= 2, LATENESS_MS);
        assert.deepEqual(told, ['energised', off]);
        assert.equal(await relay.state(), off);
      }),
    );

    it(
      'refuses a second pulse while one lasts, and the first goes on unchanged',
      withRig(async ({ relay, isOn }) => {
        const startedMs = performance.now();
        await relay.pulse(800);
        // A board at the end of a cable acts a moment after the command was written.
        await waitUntil(isOn, LATENESS_MS);
        await assert.rejects(relay.pulse(MAX_PULSE_MS), coded('PORTICO_RELAY_REFUSED'));
        await waitUntil(() => !isOn(), 800 + LATENESS_MS);
        const lastedMs = performance.now() - startedMs;
        assert.ok(lastedMs > 700, `the first pulse was cut to ${lastedMs} ms`);
        assert.ok(lastedMs < MAX_PULSE_MS, `the pulses were added up to ${lastedMs} ms`);
      }),
    );

    it(
      'pulses again after one has ended',
      withRig(async ({ relay, isOn }) => {
        let releases = 0;
        relay.onChange((state) => {
          if (state !== 'energised') releases += 1;
        });
        await relay.pulse(100);
        await waitUntil(() => releases === 1, 100 + LATENESS_MS);
        await relay.pulse(800);
        await waitUntil(isOn, LATENESS_MS);
      }),
    );

    for (const durationMs of [MAX_PULSE_MS + 1, 0, -5, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      it(
        `refuses a pulse of ${durationMs} ms and stays released`,
        withRig(async ({ relay, isOn }) => {
          await assert.rejects(relay.pulse(durationMs), coded('PORTICO_RELAY_REFUSED'));
          assert.equal(await relay.state(), off);
          assert.equal(isOn(), false);
        }),
      );
    }

    it(
      'cuts a pulse short when told to release',
      withRig(async ({ relay, isOn }) => {
        await relay.pulse(MAX_PULSE_MS);
        await waitUntil(isOn, LATENESS_MS);
        const startedMs = performance.now();
        await relay.release();
        await waitUntil(() => !isOn(), LATENESS_MS);
        assert.ok(performance.now() - startedMs < LATENESS_MS);
        assert.equal(await relay.state(), off);
        await relay.pulse(100); // the end of the first pulse no longer stands in the way
      }),
    );

    it(
      'is released after close, in the middle of a pulse too, and close may be repeated',
      withRig(async ({ relay, isOn }) => {
        await relay.pulse(MAX_PULSE_MS);
        await waitUntil(isOn, LATENESS_MS);
        await relay.close();
        await waitUntil(() => !isOn(), LATENESS_MS);
        await relay.close();
        await assert.rejects(relay.pulse(100), coded('PORTICO_RELAY_UNAVAILABLE'));
        assert.equal(isOn(), false);
      }),
    );

    it(
      'is released after a pulse that failed',
      {
        skip: kind.reportsFaults
          ? false
          : 'not applicable: the board answers nothing, so no write fails',
      },
      withRig(async ({ relay, isOn, breakOutput }) => {
        breakOutput();
        await assert.rejects(relay.pulse(300), coded('PORTICO_RELAY_WRITE'));
        await waitUntil(() => !isOn(), LATENESS_MS);
        assert.notEqual(await relay.state(), 'energised');
      }),
    );
  });
}
