import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReadyCamera } from '../../../src/cli/ready-camera.ts';
import { CollectingSink } from '../../helpers/collecting-sink.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

const SIZE = { widthPx: 1, heightPx: 1 };
const FRAMES = [Uint8Array.of(1, 1, 1), Uint8Array.of(2, 2, 2)];

describe('ready camera', () => {
  it('lays one frame ready for each that was looked at, round and round', async () => {
    const clock = new FakeClock();
    const camera = new ReadyCamera(clock, SIZE, FRAMES);
    const sink = new CollectingSink(3);
    await camera.open(sink);
    const shown = [sink.buffer[0]];
    for (let look = 0; look < 3; look += 1) {
      camera.advance();
      await clock.advance(1);
      shown.push(sink.buffer[0]);
    }
    assert.deepEqual(shown, [1, 2, 1, 2]);
    assert.equal(sink.committedAtMs.length, 4);
  });

  it('is silent once it is closed', async () => {
    const clock = new FakeClock();
    const camera = new ReadyCamera(clock, SIZE, FRAMES);
    const sink = new CollectingSink(3);
    await camera.open(sink);
    camera.advance();
    await camera.close();
    await clock.advance(10);
    assert.equal(sink.committedAtMs.length, 1);
  });

  it('refuses to show nothing', () => {
    assert.throws(() => new ReadyCamera(new FakeClock(), SIZE, []), {
      code: 'PORTICO_CONFIG_INVALID',
    });
  });
});
