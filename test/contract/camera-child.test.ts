import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseCameraSpec } from '../../device/camera/camera-spec.ts';
import { openCamera } from '../../device/camera/open-camera.ts';
import { DEFAULT_SEARCH_PATH, findProgram } from '../../device/camera/program-search.ts';
import { systemClock } from '../../device/clock/system-clock.ts';
import type { Camera } from '../../src/domain/ports/camera.ts';
import { RecordingLogger } from '../helpers/recording-logger.ts';
import { until } from '../helpers/until.ts';
import { descendantsOf, readProcess } from './camera-descendants.ts';
import { ProbeSink } from './camera-probe-sink.ts';

const SIZE = { widthPx: 64, heightPx: 64 };
const FRAME_BYTES = 64 * 64 * 3;
const folder = mkdtempSync(join(tmpdir(), 'portico-child-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with a program of a camera's name that runs a script instead. */
function scripted(program: string, script: string): string {
  const path = mkdtempSync(join(folder, 'bin-'));
  writeFileSync(join(path, program), `#!/bin/sh\n${script}\n`);
  chmodSync(join(path, program), 0o755);
  return path;
}

const make = (spec: string, searchPath: string): Promise<Camera> =>
  openCamera(parseCameraSpec(spec), {
    clock: systemClock,
    logger: new RecordingLogger(),
    size: SIZE,
    searchPath,
  });

const bytesTo3 = (count: number): string => `head -c ${count} /dev/zero >&3`;

describe('a camera program', () => {
  it('that dies in the middle of a frame loses that frame and is quoted in the fault', async () => {
    const script = `${bytesTo3(FRAME_BYTES + 100)}; sleep 0.2; echo 'the lens fell off' >&2; exit 3`;
    const camera = await make('test:', scripted('gst-launch-1.0', script));
    const sink = new ProbeSink(SIZE);
    await camera.open(sink);
    await sink.until(({ faults }) => faults.length > 0, 3_000);
    assert.equal(sink.frameTimes.length, 1);
    assert.match(sink.faults[0]?.message ?? '', /exit code 3.*the lens fell off/);
    await camera.close();
  });

  it('takes its helpers with it, though it ignores every polite request', async () => {
    const pids = join(folder, 'pids');
    const script =
      `trap '' INT TERM; sleep 1000 & echo $! $$ > ${pids}; ` +
      `while :; do ${bytesTo3(FRAME_BYTES)}; sleep 0.05; done`;
    const camera = await make('test:', scripted('gst-launch-1.0', script));
    await camera.open(new ProbeSink(SIZE));
    const group = readFileSync(pids, 'utf8').trim().split(' ').map(Number);
    assert.equal(group.flatMap(readProcess).length, 2);
    await camera.close();
    // A killed process still needs a turn of the processor to be gone.
    await until('no process is left', () =>
      group.flatMap(readProcess).every(({ state }) => state === 'Z'),
    );
  });

  it('that floods its standard error neither blocks nor fills the memory', async () => {
    const script = `head -c 3000000 /dev/zero | tr '\\0' 'x' >&2; ${bytesTo3(FRAME_BYTES)}; exit 1`;
    const camera = await make('test:', scripted('gst-launch-1.0', script));
    const sink = new ProbeSink(SIZE);
    await camera.open(sink);
    await sink.until(({ faults }) => faults.length > 0, 3_000);
    assert.ok((sink.faults[0]?.message.length ?? 0) < 1_000);
    await camera.close();
  });

  it('never sees the password of a network camera among its arguments', async () => {
    const record = join(folder, 'record');
    const script =
      `if [ "$1" = -version ]; then echo 'ffmpeg version 6.1.1-x Copyright'; exit 0; fi; ` +
      `echo "$@" > ${record}; cat >> ${record}; ` +
      `echo 'cannot open rtsp://door:geheim@cam/live' >&2; exit 1`;
    const camera = await make('rtsp://door:geheim@cam/live', scripted('ffmpeg', script));
    assert.doesNotMatch(camera.description, /geheim|door/);
    await assert.rejects(camera.open(new ProbeSink(SIZE)), (error: Error) => {
      assert.doesNotMatch(error.message, /geheim/);
      return true;
    });
    const [inArguments = '', ...onInput] = readFileSync(record, 'utf8').split('\n');
    assert.doesNotMatch(inArguments, /geheim|cam/);
    assert.match(onInput.join('\n'), /geheim@cam/, 'it came on standard input');
  });

  it('is too old to hide the password: GStreamer is taken, and a warning is logged', async () => {
    const path = scripted('ffmpeg', `echo 'ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright'`);
    const logger = new RecordingLogger();
    const camera = await openCamera(parseCameraSpec('rtsp://door:geheim@cam/live'), {
      clock: systemClock,
      logger,
      size: SIZE,
      searchPath: path,
    });
    assert.match(camera.description, /GStreamer/);
    assert.deepEqual(
      logger.records.map(({ fields }) => fields.event),
      ['camera.credentials-visible'],
    );
  });
});

describe('the death of the gate', () => {
  const skip = existsSync('/usr/bin/gst-launch-1.0') ? false : 'not installed: gst-launch-1.0';
  const hostPath = fileURLToPath(new URL('./camera-orphan-host.js', import.meta.url));

  async function hostWithCamera(...args: readonly string[]): Promise<[ChildProcess, number]> {
    const host = spawn(process.execPath, [hostPath, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.ok(host.stdout !== null && host.pid !== undefined);
    await once(host.stdout, 'data');
    const child = descendantsOf(host.pid).find(({ command }) => command.includes('videotestsrc'));
    return [host, child?.pid ?? assert.fail('no camera program')];
  }

  const isAlive = (pid: number): boolean => readProcess(pid).some(({ state }) => state !== 'Z');

  async function endsWithin(pid: number, limitMs: number): Promise<void> {
    const deadlineMs = performance.now() + limitMs;
    while (isAlive(pid)) {
      assert.ok(performance.now() < deadlineMs, 'the camera program outlived the gate');
      await delay(10);
    }
  }

  it('ends a camera program that hangs, by the signal of the kernel', { skip }, async () => {
    const [host, pid] = await hostWithCamera();
    process.kill(pid, 'SIGSTOP');
    await delay(50);
    assert.ok(isAlive(pid));
    host.kill('SIGKILL');
    await endsWithin(pid, 1_000);
  });

  it('ends a camera program without that signal too, by its broken pipe', { skip }, async () => {
    const programs = join(folder, 'without-setpriv');
    mkdirSync(programs);
    const launcher = findProgram('gst-launch-1.0', DEFAULT_SEARCH_PATH) ?? '';
    symlinkSync(launcher, join(programs, 'gst-launch-1.0'));
    const [host, pid] = await hostWithCamera(programs);
    host.kill('SIGKILL');
    await endsWithin(pid, 1_000);
  });
});
