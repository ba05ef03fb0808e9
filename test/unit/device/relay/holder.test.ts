import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import type { HeldOutput } from '../../../../device/relay/holder/held-output.ts';
import { Holder } from '../../../../device/relay/holder/holder.ts';
import type { HolderReport } from '../../../../device/relay/holder/holder-messages.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';

/** An output that obeys, unless it is told to fail. */
class PlayedOutput implements HeldOutput {
  readonly confirmsLevel = true;
  readonly endsPulseItself: boolean = false;
  readonly done: string[] = [];
  isOn = false;
  failures: Record<'open' | 'on' | 'off', number> = { open: 0, on: 0, off: 0 };
  lose: (detail: string) => void = () => {};

  async open(): Promise<void> {
    this.#act('open', false);
  }
  async on(): Promise<void> {
    this.#act('on', true);
  }
  async off(): Promise<void> {
    this.#act('off', false);
  }
  async close(): Promise<void> {
    this.done.push('close');
  }
  onLost(listener: (detail: string) => void): void {
    this.lose = listener;
  }
  onEnded(): void {}

  #act(what: 'open' | 'on' | 'off', level: boolean): void {
    this.done.push(what);
    if (this.failures[what] > 0) {
      this.failures[what] -= 1;
      throw new Error(`${what} failed`);
    }
    this.isOn = level;
  }
}

/** One that takes its time to confirm that it is off. `givesUp`: it gives up a change for the next, as the GPIO output does. */
class SlowOutput extends PlayedOutput {
  readonly #givesUp: boolean;
  readonly #waiting: (() => void)[] = [];
  #change = 0;

  constructor({ givesUp }: { readonly givesUp: boolean }) {
    super();
    this.#givesUp = givesUp;
  }

  confirm(): void {
    for (const confirmed of this.#waiting.splice(0)) confirmed();
  }

  override async off(): Promise<void> {
    this.#change += 1;
    const change = this.#change;
    await super.off();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#givesUp && change !== this.#change) throw new Error('overtaken by another change');
  }
}

async function aHolder(maxPulseMs = 5_000, output = new PlayedOutput()) {
  const clock = new FakeClock();
  const reports: HolderReport[] = [];
  const holder = new Holder({
    output,
    clock,
    maxPulseMs,
    report: (report) => reports.push(report),
  });
  await holder.start();
  return { clock, output, reports, holder };
}

const last = (reports: readonly HolderReport[]): HolderReport | undefined => reports.at(-1);

describe('Holder', () => {
  it('drives the output off before it says that it is ready', async () => {
    const { output, reports } = await aHolder();
    assert.deepEqual(output.done, ['open']);
    assert.deepEqual(reports, [{ kind: 'ready' }, { kind: 'state', state: 'released' }]);
  });

  it('ends a pulse by its own timer', async () => {
    const { clock, output, reports, holder } = await aHolder();
    await holder.receive('pulse 1 3000');
    assert.equal(output.isOn, true);
    await clock.advance(2_999);
    assert.equal(output.isOn, true);
    await clock.advance(1);
    assert.equal(output.isOn, false);
    assert.deepEqual(reports.slice(2), [
      { kind: 'state', state: 'energised' },
      { kind: 'done', id: 1 },
      { kind: 'state', state: 'released' },
    ]);
    assert.equal(clock.pendingTimers, 0);
  });

  it('ends a pulse once where the gate and its own timer want that at the same time', async () => {
    const output = new SlowOutput({ givesUp: true });
    const { clock, reports, holder } = await aHolder(5_000, output);
    await holder.receive('pulse 1 3000');
    await clock.advance(3_000);
    const released = holder.receive('release 2');
    output.confirm();
    await released;
    assert.deepEqual(reports.slice(4), [
      { kind: 'state', state: 'released' },
      { kind: 'done', id: 2 },
    ]);
    assert.deepEqual(output.done, ['open', 'on', 'off']);
  });

  it('ends a pulse that began while the output was still being driven off', async () => {
    const output = new SlowOutput({ givesUp: false });
    const { holder } = await aHolder(5_000, output);
    const before = holder.receive('release 1');
    await holder.receive('pulse 2 3000');
    const released = holder.receive('release 3');
    await tick();
    output.confirm();
    await Promise.all([before, released]);
    assert.deepEqual([output.isOn, output.done], [false, ['open', 'off', 'on', 'off']]);
  });

  it('does not let a second pulse lengthen the first', async () => {
    const { clock, output, reports, holder } = await aHolder();
    await holder.receive('pulse 1 1000');
    await clock.advance(900);
    await holder.receive('pulse 2 1000');
    assert.equal(last(reports)?.kind, 'refused');
    await clock.advance(100);
    assert.equal(output.isOn, false);
  });

  it('refuses what exceeds its own limit, whatever the gate believes', async () => {
    const { output, reports, holder } = await aHolder(1_000);
    await holder.receive('pulse 1 1001');
    await holder.receive('pulse 2 0');
    assert.deepEqual(
      reports.slice(2).map((report) => report.kind),
      ['refused', 'refused'],
    );
    assert.ok(!output.done.includes('on'));
  });

  it('refuses to energise for more than half of a minute', async () => {
    const { clock, reports, holder } = await aHolder();
    for (let id = 1; id <= 7; id += 1) {
      await holder.receive(`pulse ${id} 5000`);
      await clock.advance(5_000);
    }
    assert.deepEqual(
      reports.flatMap((report) => (report.kind === 'refused' ? [report.id] : [])),
      [7],
    );
  });

  it('drives the output off when energising failed', async () => {
    const { output, reports, holder } = await aHolder();
    output.failures.on = 1;
    await holder.receive('pulse 1 1000');
    assert.deepEqual(output.done, ['open', 'on', 'off']);
    assert.deepEqual(last(reports), { kind: 'failed', id: 1, detail: 'on failed' });
  });

  it('tries on until the output is off, and says that it does not know the state meanwhile', async () => {
    const { clock, output, reports, holder } = await aHolder();
    await holder.receive('pulse 1 1000');
    output.failures.off = 1;
    output.failures.open = 2;
    await clock.advance(1_000);
    assert.equal(output.isOn, true);
    assert.ok(reports.some((report) => report.kind === 'state' && report.state === 'unknown'));
    await holder.receive('pulse 2 1000');
    assert.equal(last(reports)?.kind, 'failed');
    await clock.advance(200);
    assert.equal(output.isOn, false);
    assert.deepEqual(last(reports), { kind: 'state', state: 'released' });
  });

  it('takes a lost output back', async () => {
    const { clock, output, reports, holder } = await aHolder();
    await holder.receive('pulse 1 1000');
    output.lose('unplugged');
    await clock.advance(0);
    assert.deepEqual(output.done, ['open', 'on', 'open']);
    assert.deepEqual(last(reports), { kind: 'state', state: 'released' });
    assert.equal(clock.pendingTimers, 0);
  });

  it('drives the output off before it lets go, twice if need be', async () => {
    const { clock, output, holder } = await aHolder();
    await holder.receive('pulse 1 1000');
    output.failures.off = 1;
    await holder.shutDown();
    assert.deepEqual(output.done, ['open', 'on', 'off', 'off', 'close']);
    assert.equal(output.isOn, false);
    await clock.advance(10_000);
    await holder.receive('pulse 2 1000');
    assert.equal(output.isOn, false);
  });

  it('drives the output off even when it is told to end while it still looks for it', async () => {
    const clock = new FakeClock();
    const output = new PlayedOutput();
    const open = output.open.bind(output);
    output.open = async () => {
      await clock.sleep(50);
      await open();
    };
    const holder = new Holder({ output, clock, maxPulseMs: 1_000, report: () => {} });
    void holder.start();
    const ended = holder.shutDown();
    await clock.advance(50);
    await ended;
    assert.deepEqual(output.done, ['open', 'off', 'close']);
  });

  it('obeys nothing that is not exactly a command', async () => {
    const { output, reports, holder } = await aHolder();
    for (const line of [
      '',
      'pulse',
      'pulse 1',
      'pulse 1 -5',
      'pulse 1 5 5',
      ' pulse 1 5',
      'on 1',
    ]) {
      await holder.receive(line);
      assert.equal(last(reports)?.kind, 'fault', line);
    }
    assert.deepEqual(output.done, ['open']);
  });
});
