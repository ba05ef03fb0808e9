import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../device/clock/system-clock.ts';
import type { GpiodDialect } from '../../device/gpio/gpiod-programs.ts';
import { HeldRelay } from '../../device/relay/held-relay.ts';
import { openRelay } from '../../device/relay/open-relay.ts';
import { DeviceError } from '../../src/domain/errors.ts';
import type { RelayState } from '../../src/domain/ports/relay.ts';
import { waitUntil } from '../contract/relay.contract.ts';
import { FakeGpiod, whyNoFakeGpiod } from '../contract/relay-rigs/fake-gpiod.ts';
import { isRunning } from '../contract/relay-rigs/is-running.ts';
import { RecordingLogger } from '../helpers/recording-logger.ts';

const SPEC = 'gpio:strike-board/strike';
const HOLDER = fileURLToPath(new URL('../../device/relay/holder/gpio-holder.js', import.meta.url));
const skip = whyNoFakeGpiod() ?? false;

interface Gate {
  readonly fake: FakeGpiod;
  readonly relay: HeldRelay;
  readonly told: RelayState[];
  readonly logger: RecordingLogger;
}

async function withGate(dialect: GpiodDialect, test: (gate: Gate) => Promise<void>): Promise<void> {
  const fake = new FakeGpiod(dialect);
  const logger = new RecordingLogger();
  try {
    const relay = await openRelay(SPEC, { clock: systemClock, logger, maxPulseMs: 10_000 });
    assert.ok(relay instanceof HeldRelay);
    const told: RelayState[] = [];
    relay.onChange((state) => told.push(state));
    try {
      await test({ fake, relay, told, logger });
    } finally {
      await relay.close();
    }
    assert.equal(fake.level(), 0, 'off at the end');
  } finally {
    fake.dispose();
  }
}

const logged = (logger: RecordingLogger, event: string): boolean =>
  logger.records.some((record) => record.level === 'error' && record.fields.event === event);

for (const dialect of ['v1', 'v2'] as const) {
  describe(`a gpio relay in trouble, libgpiod ${dialect}`, { skip }, () => {
    it('reports a killed holder, and another one drives the output off', (t) =>
      withGate(dialect, async ({ fake, relay, told, logger }) => {
        await relay.pulse(8_000);
        const orphan = fake.events().at(-1)?.pid ?? 0;
        const killedMs = performance.now();
        process.kill(relay.holderPid ?? 0, 'SIGKILL');
        await waitUntil(() => fake.level() === 0, 5_000);
        t.diagnostic(`driven off ${(performance.now() - killedMs).toFixed(0)} ms after the kill`);
        await waitUntil(() => told.at(-1) === 'released', 5_000);
        assert.deepEqual(told, ['energised', 'unknown', 'released']);
        assert.ok(logged(logger, 'relay.holder-lost'));
        assert.equal(isRunning(orphan), false, 'the old gpioset is gone');
        await relay.pulse(100); // and the relay works again
      }));

    it('ends a holder that was stopped in the middle of a pulse', () =>
      withGate(dialect, async ({ fake, relay, told, logger }) => {
        await relay.pulse(1_000);
        process.kill(relay.holderPid ?? 0, 'SIGSTOP');
        await waitUntil(() => told.includes('unknown'), 5_000);
        await waitUntil(() => told.at(-1) === 'released' && fake.level() === 0, 5_000);
        assert.ok(logged(logger, 'relay.not-released'));
      }));

    it('drives the output off when its holder is told to end', () =>
      withGate(dialect, async ({ fake, relay, told }) => {
        await relay.pulse(8_000);
        process.kill(relay.holderPid ?? 0, 'SIGTERM');
        await waitUntil(() => fake.level() === 0, 5_000);
        await waitUntil(() => told.at(-1) === 'released', 5_000);
      }));

    it('takes the line back when its gpioset is killed', () =>
      withGate(dialect, async ({ fake, told, logger }) => {
        const before = fake.events().length;
        process.kill(fake.events().at(-1)?.pid ?? 0, 'SIGKILL');
        await waitUntil(() => fake.events().length > before, 5_000);
        await waitUntil(() => told.at(-1) === 'released', 5_000);
        assert.deepEqual(told, ['unknown', 'released']);
        assert.ok(logged(logger, 'relay.fault'));
      }));

    it('drives the output off when its gpioset is killed in the middle of a pulse', () =>
      withGate(dialect, async ({ fake, relay, told }) => {
        await relay.pulse(8_000);
        process.kill(fake.events().at(-1)?.pid ?? 0, 'SIGKILL');
        await waitUntil(() => fake.level() === 0, 5_000);
        await waitUntil(() => told.at(-1) === 'released', 5_000);
      }));

    it('finds its chip again under another number', () =>
      withGate(dialect, async ({ fake, relay, told }) => {
        fake.setChips('gpiochip0 sim-a - - - -');
        process.kill(fake.events().at(-1)?.pid ?? 0, 'SIGKILL');
        await waitUntil(() => told.at(-1) === 'unknown', 5_000);
        await assert.rejects(relay.pulse(100), { code: 'PORTICO_RELAY_WRITE' });
        fake.setChips('gpiochip0 sim-a - - - -', 'gpiochip7 strike-board - - - strike');
        await waitUntil(() => told.at(-1) === 'released', 5_000);
        assert.equal(fake.events().at(-1)?.chip, 'gpiochip7');
        assert.equal(fake.events().at(-1)?.offset, 3);
        await relay.pulse(100);
      }));

    it('gives up on a gpioset that hangs, and leaves the output off', () =>
      withGate(dialect, async ({ fake, relay, told }) => {
        fake.setBehaviour('hang-on');
        const askedMs = performance.now();
        await assert.rejects(relay.pulse(300), { code: 'PORTICO_RELAY_WRITE' });
        assert.ok(performance.now() - askedMs < 6_000);
        assert.equal(fake.level(), 0);
        assert.ok(!told.includes('energised'));
      }));

    it('names the missing chip and those that are there', async () => {
      const error = await openFault(dialect, 'gpio:elsewhere/strike');
      assert.match(error.message, /"elsewhere" not found/);
      assert.match(error.remedy, /strike-board \(gpiochip1\)/);
    });

    it('names the group when the device is forbidden', async () => {
      const error = await openFault(dialect, SPEC, (fake) => fake.setBehaviour('denied'));
      assert.match(error.remedy, /group .*gpio/);
      assert.equal(error.transient, false);
    });

    it('does not open over a gpioset that hangs or fails', async () => {
      await openFault(dialect, SPEC, (fake) => fake.setBehaviour('hang'));
      await openFault(dialect, SPEC, (fake) => fake.setBehaviour('fail'));
    });
  });
}

async function openFault(
  dialect: GpiodDialect,
  spec: string,
  prepare: (fake: FakeGpiod) => void = () => {},
): Promise<DeviceError> {
  const fake = new FakeGpiod(dialect);
  try {
    prepare(fake);
    await openRelay(spec, {
      clock: systemClock,
      logger: new RecordingLogger(),
      maxPulseMs: 1_000,
    });
  } catch (error) {
    assert.ok(error instanceof DeviceError);
    assert.equal(error.code, 'PORTICO_RELAY_UNAVAILABLE');
    return error;
  } finally {
    assert.equal(fake.level(), 0);
    fake.dispose();
  }
  return assert.fail('the relay opened');
}

describe('a machine without libgpiod', () => {
  it('is told which package to install', { skip }, async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      await openRelay(SPEC, {
        clock: systemClock,
        logger: new RecordingLogger(),
        maxPulseMs: 1_000,
      });
      assert.fail('the relay opened');
    } catch (error) {
      assert.ok(error instanceof DeviceError);
      assert.match(error.remedy, /apt install gpiod/);
    } finally {
      process.env['PATH'] = path;
    }
  });
});

describe('a holder that is spoken to by a dying gate', { skip }, () => {
  const CASES = [
    { what: 'half a command', said: 'pulse 1 30', energises: false },
    { what: 'garbage', said: 'pulse 1 300 please\nPULSE 2 300\n\u0000\n', energises: false },
    { what: 'a pulse above its own limit', said: 'pulse 1 10001\n', energises: false },
    { what: 'a whole command, then nothing', said: 'pulse 1 10000\n', energises: true },
  ];
  for (const { what, said, energises } of CASES) {
    it(`ends with the output off after ${what}`, async () => {
      const fake = new FakeGpiod('v1');
      const holder = spawn(process.execPath, [HOLDER, SPEC, '10000'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const exited = new Promise((resolve) => holder.once('exit', resolve));
      let heard = '';
      holder.stdout.on('data', (text: Buffer) => {
        heard += String(text);
      });
      await waitUntil(() => heard.includes('state\treleased'), 5_000);
      holder.stdin.write(said);
      if (energises) await waitUntil(() => fake.level() === 1, 5_000);
      else await sleep(60); // time enough to act on what must not be acted on
      holder.stdin.end();
      assert.equal(await exited, 0);
      assert.equal(fake.level(), 0);
      assert.equal(
        fake.events().some((event) => event.level === 1),
        energises,
      );
      fake.dispose();
    });
  }
});
