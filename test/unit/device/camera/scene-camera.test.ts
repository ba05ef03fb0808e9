import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SceneCamera } from '../../../../device/camera/scene-camera.ts';
import type { SceneActor } from '../../../../device/camera/scene-renderer.ts';
import { approachScene, DEFAULT_APPROACH } from '../../../../device/camera/scene-scripts.ts';
import { frameBytes } from '../../../../src/domain/frame.ts';
import { seededRandom } from '../../../../src/numeric/random.ts';
import { CollectingSink } from '../../../helpers/collecting-sink.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';

const size = { widthPx: 160, heightPx: 120 };
const red: SceneActor = {
  rgb: Uint8Array.from({ length: 60 * 60 * 3 }, (_, index) => (index % 3 === 0 ? 250 : 0)),
  widthPx: 60,
  heightPx: 60,
  face: { xPx: 30, yPx: 30, heightPx: 20, rollDeg: 0 },
};

function redness(frame: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < frame.length; at += 3) {
    if ((frame[at] ?? 0) > 100 && (frame[at + 2] ?? 0) < 40) count += 1;
  }
  return count;
}

function camera(clock: FakeClock): SceneCamera {
  return new SceneCamera({ size, framesPerSecond: 10, clock, random: seededRandom(1) });
}

describe('SceneCamera', () => {
  it('shows a person who comes nearer, stays and leaves', async () => {
    const clock = new FakeClock();
    const scene = camera(clock);
    const sink = new CollectingSink(frameBytes(size));
    await scene.open(sink);
    assert.equal(redness(sink.buffer), 0);

    scene.play(approachScene(red, size));
    await clock.advance(500);
    const far = redness(sink.buffer);
    await clock.advance(DEFAULT_APPROACH.walkMs);
    const near = redness(sink.buffer);
    assert.ok(near > 4 * far && near > 500, `near ${near}, far ${far}`);
    await clock.advance(2 * DEFAULT_APPROACH.walkMs + DEFAULT_APPROACH.stayMs);
    assert.equal(redness(sink.buffer), 0);
    await scene.close();
  });

  it('gives every frame fresh noise, the same for the same seed', async () => {
    const frames: Buffer[][] = [];
    for (let round = 0; round < 2; round += 1) {
      const clock = new FakeClock();
      const scene = camera(clock);
      const sink = new CollectingSink(frameBytes(size));
      await scene.open(sink);
      const first = Buffer.from(sink.buffer);
      await clock.advance(100);
      frames.push([first, Buffer.from(sink.buffer)]);
      await scene.close();
    }
    assert.deepEqual(frames[0], frames[1]);
    assert.notDeepEqual(frames[0]?.[0], frames[0]?.[1]);
  });

  it('is silent after close and leaves no timer', async () => {
    const clock = new FakeClock();
    const scene = camera(clock);
    const sink = new CollectingSink(frameBytes(size));
    await scene.open(sink);
    await scene.close();
    await scene.close();
    const before = sink.committedAtMs.length;
    await clock.advance(1000);
    assert.equal(sink.committedAtMs.length, before);
    assert.equal(clock.pendingTimers, 0);
  });
});
