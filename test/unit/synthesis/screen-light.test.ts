import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blankCanvas } from '../../../src/numeric/paint-triangles.ts';
import { type ScreenOptics, shineAsScreen } from '../../../src/synthesis/screen-light.ts';

const camera = { centreX: 64, centreY: 64, focalPx: 120 };
const straight = { turn: { yaw: 0, pitch: 0, roll: 0 }, x: 0, y: 0, z: 0 };
const whole = { left: 0, top: 0, right: 1, bottom: 1 };
const dark: ScreenOptics = {
  columns: 100,
  rows: 100,
  gridContrast: 0,
  bandsPerFrame: 3,
  bandStep: 0.25,
  bandContrast: 0,
  glare: { u: 0.5, v: 0.5, radius: 0.1, strength: 0 },
};

function shine(changes: Partial<ScreenOptics>, frameIndex = 0, lit = whole): Float32Array {
  const canvas = blankCanvas(128, 128);
  canvas.data.fill(100);
  const sheet = { widthPx: 128, heightPx: 128, pose: straight };
  shineAsScreen(canvas, camera, sheet, { optics: { ...dark, ...changes }, lit }, frameIndex);
  return canvas.data;
}

/** Amplitude of a whole number of waves down the middle column, red. */
function wavesDown(data: Float32Array, waves: number): number {
  let [real, imaginary] = [0, 0];
  for (let row = 0; row < 128; row += 1) {
    const angle = (2 * Math.PI * waves * row) / 128;
    real += data[3 * (row * 128 + 64)]! * Math.cos(angle);
    imaginary += data[3 * (row * 128 + 64)]! * Math.sin(angle);
  }
  return Math.hypot(real, imaginary) / 64;
}

describe('shineAsScreen', () => {
  it('puts as many bands down the frame as it is told, and moves them from frame to frame', () => {
    const first = shine({ bandContrast: 0.1 });
    assert.ok(Math.abs(wavesDown(first, 3) - 10) < 0.5);
    for (const other of [1, 2, 4, 5]) assert.ok(wavesDown(first, other) < 0.5);
    const later = shine({ bandContrast: 0.1 }, 2);
    // Half a period later light has become dark.
    const sum = first.map((value, at) => value + later[at]!);
    assert.ok(sum.every((value) => Math.abs(value - 200) < 0.1));
  });

  it('beats with the grid of the sensor: 136 pixels on 128 make 8 waves', () => {
    const row = shine({ columns: 136, gridContrast: 0.1 }).subarray(3 * 64 * 128, 3 * 65 * 128);
    const amplitude = (waves: number): number => {
      let [real, imaginary] = [0, 0];
      for (let x = 0; x < 128; x += 1) {
        real += row[3 * x]! * Math.cos((2 * Math.PI * waves * x) / 128);
        imaginary += row[3 * x]! * Math.sin((2 * Math.PI * waves * x) / 128);
      }
      return Math.hypot(real, imaginary) / 64;
    };
    assert.ok(amplitude(8) > 6);
    assert.ok(amplitude(7) < 0.5 && amplitude(9) < 0.5);
  });

  it('reflects a lamp where it stands', () => {
    const data = shine({ glare: { u: 0.25, v: 0.25, radius: 0.1, strength: 80 } });
    assert.ok(data[3 * (32 * 128 + 32)]! > 175);
    assert.ok(data[3 * (96 * 128 + 96)]! < 101);
  });

  it('leaves alone what is not lit', () => {
    const lit = { left: 0.5, top: 0, right: 1, bottom: 1 };
    const data = shine({ bandContrast: 0.2, gridContrast: 0.2 }, 0, lit);
    for (let x = 0; x < 63; x += 1) assert.equal(data[3 * (40 * 128 + x)], 100);
    assert.notEqual(data[3 * (40 * 128 + 100)], 100);
  });
});
