import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measureFlicker, type Scene } from '../../../src/art/flicker.ts';

const scene: Scene = {
  photo: {
    widthPx: 40,
    heightPx: 30,
    rgb: Uint8Array.from({ length: 3 * 40 * 30 }, (_, index) => (index * 53) % 200),
  },
  window: { widthPx: 20, heightPx: 16 },
  frames: 4,
  stepPx: { x: 3, y: 1 },
  noise: 0,
  seed: 1,
};

describe('measureFlicker', () => {
  it('is nothing when what is painted moves with the scene', async () => {
    assert.deepEqual(await measureFlicker(scene, async ({ rgb }) => rgb), { seen: 0, painted: 0 });
  });

  it('is what a painter changes from frame to frame, and where it stays behind', async () => {
    let level = 0;
    const blinking = await measureFlicker(scene, async ({ rgb }) => {
      level += 5;
      return rgb.map(() => level);
    });
    assert.deepEqual(blinking, { seen: 0, painted: 5 });
    const fixed = Uint8Array.from({ length: 3 * 20 * 16 }, (_, index) => (index * 91) % 200);
    const glued = await measureFlicker(scene, async () => fixed);
    assert.ok(glued.painted > 20);
  });

  it('counts the noise of the camera apart', async () => {
    const still = { ...scene, stepPx: { x: 0, y: 0 }, noise: 4 };
    const { seen, painted } = await measureFlicker(still, async ({ rgb }) => rgb.map((v) => v / 2));
    // The mean distance of two normal draws of deviation 4 is 4.5.
    assert.ok(seen > 3.9 && seen < 5.1, String(seen));
    assert.ok(painted > 0.4 * seen && painted < 0.6 * seen, String(painted));
  });
});
