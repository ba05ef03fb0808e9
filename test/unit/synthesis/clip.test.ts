import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MESH_POINTS } from '../../../src/domain/face.ts';
import { HomographyFit } from '../../../src/numeric/homography-fit.ts';
import { type ClipOptions, generateClip } from '../../../src/synthesis/clip.ts';
import { SPECIES } from '../../../src/synthesis/species.ts';
import { drawnPortrait } from '../../helpers/drawn-portrait.ts';

const portrait = drawnPortrait();
const options = (changes: Partial<ClipOptions>): ClipOptions => ({
  portrait,
  species: 'bona-fide',
  seed: 3,
  size: { widthPx: 160, heightPx: 120 },
  framesPerSecond: 20,
  durationMs: 3_000,
  ...changes,
});

const flatOf = (mesh: Float32Array): Float64Array =>
  Float64Array.from({ length: 2 * MESH_POINTS }, (_v, at) => mesh[3 * (at >> 1) + (at & 1)]!);

/** Largest root mean square, over a clip, of what no homography explains, in shares of the eyes' distance. */
function unflatness(changes: Partial<ClipOptions>): number {
  const clip = generateClip(options(changes));
  const fit = new HomographyFit(MESH_POINTS);
  const first = clip.frame(0).mesh;
  const interEye = Math.hypot(first[99]! - first[789]!, first[100]! - first[790]!);
  let largest = 0;
  for (let index = 5; index < clip.frameCount; index += 5) {
    assert.ok(fit.fit(flatOf(first), flatOf(clip.frame(index).mesh)));
    const mean = fit.residuals.reduce((sum, square) => sum + square, 0) / MESH_POINTS;
    largest = Math.max(largest, Math.sqrt(mean) / interEye);
  }
  return largest;
}

describe('generateClip', () => {
  for (const species of SPECIES) {
    it(`makes the same ${species} clip from the same seed, and another from another`, () => {
      const frame = generateClip(options({ species })).frame(30);
      const again = generateClip(options({ species }));
      again.frame(7);
      assert.deepEqual(again.frame(30), frame);
      const other = generateClip(options({ species, seed: 4 })).frame(30);
      assert.notDeepEqual(other.rgb, frame.rgb);
      assert.ok(frame.mesh.every(Number.isFinite));
    });
  }

  it('writes into memory that it is given', () => {
    const target = new Uint8Array(3 * 160 * 120);
    const clip = generateClip(options({}));
    assert.equal(clip.frame(2, target).rgb, target);
    assert.deepEqual(target, clip.frame(2).rgb);
  });

  it('numbers and dates the frames', () => {
    const frames = [...generateClip(options({ durationMs: 200 })).frames()];
    assert.deepEqual(
      frames.map(({ sequence, capturedAtMs }) => [sequence, capturedAtMs]),
      [0, 50, 100, 150].map((atMs, index) => [index, atMs]),
    );
  });

  it('moves a print as a plane moves, and a head as no plane does', () => {
    for (const seed of [1, 2, 3]) {
      assert.ok(unflatness({ species: 'print', seed }) < 1e-4);
      assert.ok(unflatness({ species: 'tablet-photo', seed }) < 1e-4);
      assert.ok(unflatness({ species: 'bona-fide', seed }) > 0.01);
      assert.ok(unflatness({ species: 'tablet-replay', seed }) > 0.01);
    }
  });

  it('bends a bent print', () => {
    assert.ok(unflatness({ species: 'bent-print' }) > 1e-3);
  });

  it('shuts both eyes in the first two seconds of a living person, never in a print', () => {
    const opening = (mesh: Float32Array, upper: number, lower: number): number =>
      Math.hypot(mesh[3 * upper]! - mesh[3 * lower]!, mesh[3 * upper + 1]! - mesh[3 * lower + 1]!);
    for (const [species, least, most] of [
      ['bona-fide', 0, 0.2],
      ['print', 0.9, 1],
    ] as const) {
      const meshes = [...generateClip(options({ species })).frames()].map(({ mesh }) => mesh);
      for (const [upper, lower] of [
        [159, 145],
        [386, 374],
      ] as const) {
        const openings = meshes.map((mesh) => opening(mesh, upper, lower));
        const share = Math.min(...openings) / openings[0]!;
        assert.ok(share >= least && share <= most, `${species}: ${share}`);
      }
    }
  });

  it('shows the attacker until the picture is slid in, and the picture then', () => {
    const clip = generateClip(options({ species: 'slid-in-print' }));
    const [before, after, end] = [0, 45, 59].map((index) => flatOf(clip.frame(index).mesh));
    const fit = new HomographyFit(MESH_POINTS);
    const residual = (from: Float64Array, to: Float64Array): number => {
      assert.ok(fit.fit(from, to));
      return Math.sqrt(Math.max(...fit.residuals));
    };
    assert.ok(residual(after!, end!) < 1e-2);
    assert.ok(residual(before!, end!) > 10 * residual(after!, end!));
    assert.deepEqual(
      [0, 59].map((index) => clip.frame(index).showsPicture),
      [false, true],
    );
  });

  it('names the flicker that its screens have, and has no screen elsewhere', () => {
    assert.equal(generateClip(options({ species: 'print' })).screen, undefined);
    const screen = generateClip(options({ species: 'phone-photo' })).screen;
    assert.ok(screen !== undefined && screen.bandsPerFrame > 0.5);
  });
});
