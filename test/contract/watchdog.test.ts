import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { systemClock } from '../../device/clock/system-clock.ts';
import { openWatchdog } from '../../device/watchdog/open-watchdog.ts';
import { SystemdNotifier } from '../../device/watchdog/systemd-notifier.ts';
import { RecordingLogger } from '../helpers/recording-logger.ts';
import { NotifySocket } from './notify-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-notify-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const python = has('python3') ? false : 'python3 is not installed';
const notify = has('systemd-notify') ? python : 'systemd-notify is not installed';

const CASES = [
  { way: 'helper', address: join(folder, 'helper.sock'), skip: python },
  { way: 'helper', address: `@portico-test-${process.pid}`, skip: python },
  { way: 'program', address: join(folder, 'program.sock'), skip: notify },
] as const;

for (const { way, address, skip } of CASES) {
  const kind = address.startsWith('@') ? 'an abstract socket' : 'a socket file';

  describe(`SystemdNotifier by ${way} on ${kind}`, { skip }, () => {
    it('delivers every kind of message, in its order, before it closes', async () => {
      const socket = await NotifySocket.listen(address);
      const notifier = new SystemdNotifier({
        socket: address,
        watchdogUsec: 15_000_000,
        clock: systemClock,
        logger: new RecordingLogger(),
        way,
      });
      assert.equal(notifier.signEveryMs, 5_000);
      notifier.extend(30_000);
      notifier.ready('working;\nstalest stage: door');
      notifier.status('degraded: no camera');
      notifier.ping();
      notifier.stopping('stopping');
      await notifier.close();
      await socket.until(() => socket.said.length >= 5);
      await socket.close();
      assert.deepEqual(socket.said, [
        'EXTEND_TIMEOUT_USEC=30000000',
        'READY=1 | STATUS=working; stalest stage: door',
        'STATUS=degraded: no camera',
        'WATCHDOG=1',
        'STOPPING=1 | STATUS=stopping',
      ]);
    });
  });
}

describe('SystemdNotifier', { skip: notify }, () => {
  it('speaks by systemd-notify, and tells its state anew, when its helper cannot live', async () => {
    const address = join(folder, 'fallback.sock');
    const socket = await NotifySocket.listen(address);
    const logger = new RecordingLogger();
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    const notifier = new SystemdNotifier({
      socket: address,
      watchdogUsec: undefined,
      clock: systemClock,
      logger,
    });
    process.env['PATH'] = path;
    notifier.ready('working');
    await socket.until(() => socket.said.length > 0);
    notifier.ping();
    await notifier.close();
    await socket.until(() => socket.said.length >= 2);
    await socket.close();
    assert.deepEqual(socket.said, ['READY=1 | STATUS=working', 'WATCHDOG=1']);
    assert.equal(notifier.description, 'systemd, by systemd-notify');
    assert.deepEqual(
      logger.records.map(({ fields }) => fields.event),
      ['watchdog.helper-lost'],
    );
  });

  it('neither throws nor waits when nobody listens', async () => {
    const logger = new RecordingLogger();
    const notifier = new SystemdNotifier({
      socket: join(folder, 'nobody.sock'),
      watchdogUsec: undefined,
      clock: systemClock,
      logger,
      way: 'program',
    });
    notifier.ready('working');
    await notifier.close();
    assert.deepEqual(
      logger.records.map(({ fields }) => fields.event),
      ['watchdog.unheard'],
    );
  });
});

describe('openWatchdog', () => {
  const given = { clock: systemClock, logger: new RecordingLogger() };

  it('speaks to nobody without a socket', async () => {
    for (const NOTIFY_SOCKET of [undefined, '', 'relative.sock']) {
      const watchdog = openWatchdog({ NOTIFY_SOCKET, WATCHDOG_USEC: '1000000' }, given);
      assert.equal(watchdog.description, 'nobody watches');
      assert.equal(watchdog.signEveryMs, undefined);
      watchdog.ready('working');
      await watchdog.close();
    }
  });

  it('wants no signs where the unit has no watchdog', { skip: python }, async () => {
    const NOTIFY_SOCKET = join(folder, 'quiet.sock');
    for (const WATCHDOG_USEC of [undefined, '', '0', 'soon']) {
      const watchdog = openWatchdog({ NOTIFY_SOCKET, WATCHDOG_USEC }, given);
      assert.equal(watchdog.signEveryMs, undefined);
      await watchdog.close();
    }
  });
});
