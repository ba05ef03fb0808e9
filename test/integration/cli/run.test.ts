import assert from 'node:assert/strict';
import { get } from 'node:http';
import { before, describe, it } from 'node:test';
import { systemClock } from '../../../device/clock/system-clock.ts';
import { openPeopleStore } from '../../../src/cli/people-store.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { NumberedEvent } from '../../../src/domain/events.ts';
import { descendantsOf, readProcess } from '../../contract/camera-descendants.ts';
import { CliHome, type RunningCli } from './portico-cli.ts';

const QUICKLY_MS = 5_000;

/** Runs the gate on GStreamer's test pattern and waits until it works. */
async function startGate(home: CliHome): Promise<RunningCli> {
  const gate = home.start('run', '--camera', 'test:', '--port', '0');
  await gate.printed('page: http://');
  return gate;
}

function eventsOf(home: CliHome): readonly NumberedEvent[] {
  const config = loadConfig({ environment: { XDG_DATA_HOME: home.folder } });
  const store = openPeopleStore(config, systemClock, false);
  const events = store.eventsAfter(0, 1_000);
  store.close();
  return events;
}

const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    get(url, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).once('error', () => resolve(false));
  });

describe('portico run', () => {
  const home = new CliHome();
  before(async () => {
    const { code, err } = await home.run('enrol', 'ada', await home.portrait('enrolled'));
    assert.equal(code, 0, err);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends quickly on ${signal}, with exit 0, and leaves no process behind`, async () => {
      const gate = await startGate(home);
      const children = descendantsOf(gate.pid);
      assert.ok(
        children.some(({ command }) => command.includes('gst-launch')),
        'the camera is a child',
      );
      const beganMs = systemClock.now();
      gate.kill(signal);
      const { code } = await gate.ended;
      assert.equal(code, 0);
      assert.ok(systemClock.now() - beganMs < QUICKLY_MS);
      const left = children.flatMap(({ pid }) => readProcess(pid));
      assert.deepEqual(
        left.filter(({ state }) => state !== 'Z'),
        [],
      );
      assert.equal(eventsOf(home).at(-1)?.event.type, 'gate.stopped');
    });
  }

  it('shows its page to this machine', async () => {
    const gate = await startGate(home);
    const url = /page: (http:\/\/127\.0\.0\.1:\d+\S*)/.exec(gate.out())?.[1];
    assert.ok(url !== undefined, gate.out());
    assert.equal(await answers(url), true);
    gate.kill('SIGTERM');
    await gate.ended;
    assert.equal(await answers(url), false);
  });

  it('starts again after it was killed, and has lost nothing', async () => {
    const gate = await startGate(home);
    const before = eventsOf(home);
    const children = descendantsOf(gate.pid);
    gate.kill('SIGKILL');
    assert.equal((await gate.ended).signal, 'SIGKILL');
    const again = await startGate(home);
    const left = children.flatMap(({ pid }) => readProcess(pid));
    assert.deepEqual(
      left.filter(({ state }) => state !== 'Z'),
      [],
      'its camera died with it',
    );
    const { out } = await home.run('people', 'ls', '--json');
    assert.match(out, /"ada"/);
    again.kill('SIGTERM');
    assert.equal((await again.ended).code, 0);
    const after = eventsOf(home);
    assert.deepEqual(after.slice(0, before.length), before);
    assert.deepEqual(
      after.map(({ number }) => number),
      after.map((_event, index) => index + 1),
    );
  });

  it('follows a deletion by another command while it runs', async () => {
    const gate = await startGate(home);
    const removed = await home.run('people', 'rm', 'ada', '--json');
    assert.equal(removed.code, 0, removed.err);
    gate.kill('SIGTERM');
    assert.equal((await gate.ended).code, 0);
    const types = eventsOf(home).map(({ event }) => event.type);
    assert.ok(types.includes('roster.changed'));
    assert.ok(!types.includes('fault.raised'), 'nothing failed beside each other');
  });
});
