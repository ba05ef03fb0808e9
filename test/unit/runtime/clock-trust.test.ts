import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClockTrust } from '../../../src/runtime/clock-trust.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function setUp(wallStart?: number) {
  const clock = new FakeClock(wallStart);
  const kept = new Map<string, string>();
  let writes = 0;
  const settings = {
    setting: (name: string) => kept.get(name),
    setSetting: (name: string, value: string) => {
      writes += 1;
      kept.set(name, value);
    },
  };
  return {
    clock,
    kept,
    settings,
    writes: () => writes,
    trust: () => new ClockTrust(clock, settings),
  };
}

describe('clock trust', () => {
  it('trusts a clock that runs on', async () => {
    const { clock, trust } = setUp();
    const trusted = trust();
    for (let hour = 0; hour < 48; hour += 1) {
      assert.equal(trusted.verdict(), 'trusted');
      await clock.advance(HOUR_MS);
    }
  });

  it('does not trust a clock older than the program', () => {
    assert.equal(
      setUp(Date.UTC(2025, 11, 31, 23, 58))
        .trust()
        .verdict(),
      'untrusted',
    );
    assert.equal(
      setUp(Date.UTC(1970, 0, 1))
        .trust()
        .verdict(),
      'untrusted',
    );
  });

  it('bears the small corrections of a time server', () => {
    const { clock, trust } = setUp();
    const trusted = trust();
    trusted.verdict();
    clock.stepWall(-MINUTE_MS);
    assert.equal(trusted.verdict(), 'trusted');
    clock.stepWall(HOUR_MS);
    assert.equal(trusted.verdict(), 'trusted');
  });

  it('does not trust a clock that ran back, until it has caught up', async () => {
    const { clock, trust } = setUp();
    const trusted = trust();
    trusted.verdict();
    clock.stepWall(-DAY_MS);
    assert.equal(trusted.verdict(), 'untrusted');
    await clock.advance(DAY_MS - 2 * MINUTE_MS);
    assert.equal(trusted.verdict(), 'untrusted');
    await clock.advance(MINUTE_MS);
    assert.equal(trusted.verdict(), 'trusted');
  });

  it('remembers over a restart how late it has been', () => {
    const { clock, trust } = setUp();
    trust().verdict();
    clock.stepWall(-2 * MINUTE_MS);
    assert.equal(trust().verdict(), 'untrusted');
  });

  it('reads a floor that is no number as none', () => {
    const { kept, trust } = setUp();
    kept.set('wall-floor-ms', 'tomorrow');
    assert.equal(trust().verdict(), 'trusted');
  });

  it('believes a step far forwards only when it has lasted five minutes', async () => {
    const { clock, trust } = setUp();
    const trusted = trust();
    trusted.verdict();
    clock.stepWall(365 * DAY_MS);
    assert.equal(trusted.verdict(), 'untrusted');
    await clock.advance(4 * MINUTE_MS);
    assert.equal(trusted.verdict(), 'untrusted');
    await clock.advance(MINUTE_MS);
    assert.equal(trusted.verdict(), 'trusted');
    await clock.advance(MINUTE_MS);
    assert.equal(trusted.verdict(), 'trusted');
  });

  it('starts the five minutes again when the clock steps again', async () => {
    const { clock, trust } = setUp();
    const trusted = trust();
    trusted.verdict();
    clock.stepWall(2 * DAY_MS);
    trusted.verdict();
    await clock.advance(4 * MINUTE_MS);
    clock.stepWall(DAY_MS);
    assert.equal(trusted.verdict(), 'untrusted');
    await clock.advance(4 * MINUTE_MS);
    assert.equal(trusted.verdict(), 'untrusted');
  });

  it('keeps no floor of a step that was taken back', async () => {
    const { clock, trust } = setUp();
    const trusted = trust();
    trusted.verdict();
    clock.stepWall(365 * DAY_MS);
    trusted.verdict();
    await clock.advance(MINUTE_MS);
    clock.stepWall(-365 * DAY_MS);
    assert.equal(trusted.verdict(), 'trusted');
    assert.equal(trust().verdict(), 'trusted');
  });

  it('writes the floor at once, then every ten minutes, and when told to', async () => {
    const { clock, trust, writes, kept } = setUp();
    const trusted = trust();
    trusted.verdict();
    trusted.verdict();
    assert.equal(writes(), 1);
    await clock.advance(10 * MINUTE_MS);
    trusted.verdict();
    assert.equal(writes(), 2);
    assert.equal(kept.get('wall-floor-ms'), String(clock.wall()));
    trusted.note();
    assert.equal(writes(), 3);
  });

  it('throws when the floor cannot be written, and does not ask again with every frame', () => {
    const { clock, settings } = setUp();
    const failing = { ...settings, setSetting: () => assert.fail('disk full') };
    const trusted = new ClockTrust(clock, failing);
    assert.throws(() => trusted.verdict(), /disk full/);
    assert.equal(trusted.verdict(), 'trusted');
  });
});
