import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  checkLibcameraArguments,
  type LibcameraArguments,
} from '../../../../device/camera/libcamera-arguments.ts';
import { loadLibcamera } from '../../../../device/camera/libcamera-package.ts';

const SPEC_FAULT = { code: 'PORTICO_CAMERA_SPEC' };

describe('checkLibcameraArguments', () => {
  it('passes what the driver needs', () => {
    const given = { timeout: 0, codec: 'mjpeg', width: 640, output: '/tmp/a-b_1/frames' };
    assert.equal(checkLibcameraArguments(given), given);
  });

  it('refuses an option that is not in the table, whatever its value', () => {
    const inherited = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
    for (const name of [...inherited, 'post-process-file', 'width; reboot', '']) {
      const given: LibcameraArguments = Object.fromEntries([[name, 1]]);
      assert.throws(() => checkLibcameraArguments(given), SPEC_FAULT, name);
    }
  });

  it('refuses numbers outside their range and values of another kind', () => {
    const wrong: readonly LibcameraArguments[] = [
      { camera: 8 },
      { camera: -1 },
      { width: 640.5 },
      { width: Number.NaN },
      { framerate: '30' },
      { rotation: 90 },
      { timeout: 5000 },
      { nopreview: 1 },
      { codec: 'h264' },
    ];
    for (const given of wrong) assert.throws(() => checkLibcameraArguments(given), SPEC_FAULT);
  });

  it('lets no text through that a shell could read as more than one plain word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (before, after) => {
        const output = `/${before}${after}`;
        try {
          checkLibcameraArguments({ output });
        } catch {
          return;
        }
        assert.match(output, /^[A-Za-z0-9_./-]+$/);
      }),
    );
    for (const output of [
      '/tmp/$(id)',
      '/tmp/a b',
      '/tmp/a;b',
      '/tmp/`x`',
      '/tmp/a\nb',
      '-x',
      '',
    ]) {
      assert.throws(() => checkLibcameraArguments({ output }), SPEC_FAULT);
    }
  });
});

describe('loadLibcamera', () => {
  it('says how to install the package when it is missing', async () => {
    const absent = async (): Promise<unknown> => {
      throw new Error('ERR_MODULE_NOT_FOUND');
    };
    await assert.rejects(loadLibcamera(absent, 'libcamera:0'), {
      code: 'PORTICO_CAMERA_UNAVAILABLE',
      remedy: /npm install.*node-libcamera@1\.0\.6/,
    });
  });

  it('refuses a package of that name without the function', async () => {
    await assert.rejects(
      loadLibcamera(async () => ({ default: { still: () => undefined } }), 'libcamera:0'),
      /no function vid/,
    );
  });

  it('finds the function whether the package exports it by name or by default', async () => {
    const vid = (options: LibcameraArguments) => options;
    for (const shape of [{ vid }, { default: { vid } }]) {
      const run = await loadLibcamera(async () => shape, 'libcamera:0');
      assert.deepEqual(await run({ width: 64 }), { width: 64 });
    }
  });
});
