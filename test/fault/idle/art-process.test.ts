import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { systemClock } from '../../../device/clock/system-clock.ts';
import { ArtDesk } from '../../../src/idle/gate/art-desk.ts';
import { ArtServer } from '../../../src/idle/link/art-server.ts';
import { descendantsOf } from '../../contract/camera-descendants.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { aFrameOf, aSubject } from '../../helpers/observation-builders.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';
import { until } from '../../helpers/until.ts';
import { CliHome, type RunningCli } from '../../integration/cli/portico-cli.ts';

const SIZE = { widthPx: 64, heightPx: 48 };
const PATIENCE_MS = 60_000;

/** The gate's desk with real sockets and time, before the real art process. */
describe('the art process beside a gate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-art-'));
  const path = join(folder, 'art.sock');
  const home = new CliHome();
  const faults: string[] = [];
  const stops: number[] = [];
  let desk: ArtDesk;
  let server: ArtServer;
  let art: RunningCli;
  let cancelWatching: () => void;
  let faceCount = 0;

  const openDesk = (): void => {
    desk = new ArtDesk({
      clock: systemClock,
      logger: new RecordingLogger(),
      frameRule: 'without-faces',
      frames: {
        size: SIZE,
        copyNewest: (into) => {
          into.fill(90);
          return { sequence: 1 };
        },
      },
      settings: { isOn: true, manner: 'fast', style: 'every', intervalS: 60 },
      hours: { from: '00:00', to: '24:00' },
      night: { from: '00:00', to: '24:00', brightness: 1 },
      resumeAfterMs: 200,
      minuteOfDay: () => 0,
      isWatched: () => true,
      probe: { onStopped: (afterMs) => stops.push(afterMs), onPicture: () => undefined },
    });
  };
  const openServer = async (): Promise<void> => {
    server = new ArtServer({
      path,
      clock: systemClock,
      onConnection: (socket) => desk.meet(socket),
      onFault: ({ code }) => faults.push(code),
      onOpen: () => undefined,
    });
    await server.open();
  };
  const startArt = (): void => {
    art = home.start('art', 'run');
  };
  const painted = (): Promise<void> => {
    const from = desk.picture?.sequence ?? 0;
    return until('a newer picture', () => (desk.picture?.sequence ?? 0) > from, PATIENCE_MS);
  };

  before(async () => {
    // Tests run beside one another: at its own priority it would get no turn.
    const art = { socket: path, longSidePx: 128, picturesPerSecond: 10, niceness: 0 };
    home.configure({ art });
    openDesk();
    cancelWatching = systemClock.every(50, () => {
      const subject = faceCount > 0 ? aSubject() : undefined;
      const frame = aFrameOf(systemClock.now(), subject);
      desk.observe({ ...frame, sequence: 2, faceCount }, faceCount === 0);
    });
    await openServer();
    startArt();
  });
  afterEach(() => {
    faceCount = 0;
  });
  after(async () => {
    cancelWatching();
    desk.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is met at a socket that the gate’s group alone may use', () => {
    assert.equal(statSync(path).mode & 0o777, 0o660);
    assert.deepEqual(faults, []);
  });

  it('paints, and stops when somebody is seen', async (test) => {
    await painted();
    assert.deepEqual([...(desk.picture?.jpeg.subarray(0, 2) ?? [])], [0xff, 0xd8]);
    faceCount = 1;
    await until('it has stopped', () => stops.length > 0, PATIENCE_MS);
    test.diagnostic(`still ${stops[0]?.toFixed(1)} ms after somebody was seen`);
    const last = desk.picture?.sequence;
    await systemClock.sleep(500);
    assert.equal(desk.picture?.sequence, last);
  });

  it('leaves the plain picture when it hangs, and comes back when it wakes', async () => {
    await painted();
    art.kill('SIGSTOP');
    await until('the plain picture', () => desk.picture === undefined, PATIENCE_MS);
    art.kill('SIGCONT');
    await painted();
  });

  it('starts its painter anew when that is killed in the middle of a run', async () => {
    await painted();
    const painters = descendantsOf(art.pid).filter(({ command }) => command.includes('easel'));
    assert.equal(painters.length, 1);
    process.kill(painters[0]!.pid, 'SIGKILL');
    await painted();
    await painted();
  });

  it('leaves the plain picture when it is killed, and no painter behind', async () => {
    await painted();
    const children = descendantsOf(art.pid);
    art.kill('SIGKILL');
    await until('the plain picture', () => desk.picture === undefined, PATIENCE_MS);
    await until(
      'no child of it is left',
      () => children.every(({ pid }) => !readdirSync('/proc').includes(String(pid))),
      PATIENCE_MS,
    );
    startArt();
    await painted();
  });

  it('finds the gate again when that was started anew', async () => {
    desk.close();
    await server.close();
    openDesk();
    await openServer();
    await painted();
  });

  it('takes over the socket that a killed gate left behind, and no other file', async () => {
    const remains = join(folder, 'remains.sock');
    const killed = spawnSync(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(remains)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    assert.equal(killed.signal, 'SIGKILL');
    const open = async (where: string): Promise<readonly string[]> => {
      const found: string[] = [];
      const other = new ArtServer({
        path: where,
        clock: new FakeClock(),
        onConnection: (socket) => socket.destroy(),
        onFault: ({ code }) => found.push(code),
        onOpen: () => found.push('open'),
      });
      await other.open();
      await other.close();
      return found;
    };
    assert.deepEqual(await open(remains), ['open']);
    assert.deepEqual(await open(path), ['PORTICO_ART_UNAVAILABLE'], 'a gate that lives keeps it');
    const letter = join(folder, 'letter.txt');
    writeFileSync(letter, 'dear gate');
    assert.deepEqual(await open(letter), ['PORTICO_ART_UNAVAILABLE']);
    assert.equal(readFileSync(letter, 'utf8'), 'dear gate');
  });
});
