import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { monotonicMs } from '../../../../src/domain/units.ts';
import {
  PIXEL_CUES,
  type PixelCue,
  PixelEvidenceMeter,
} from '../../../../src/liveness/pixel-cues/pixel-evidence.ts';
import { generateClip } from '../../../../src/synthesis/clip.ts';
import type { Species } from '../../../../src/synthesis/species.ts';
import { drawnPortrait } from '../../../helpers/drawn-portrait.ts';
import { drawnFrame } from '../../../helpers/frame-stacks.ts';

const portrait = drawnPortrait();

/** Mean of each cue over the first 1.6 s, ten frames a second. */
function meansOf(species: Species): ReadonlyMap<PixelCue, number> {
  const clip = generateClip({
    portrait,
    species,
    seed: 23,
    size: { widthPx: 640, heightPx: 480 },
    framesPerSecond: 10,
    durationMs: 1_600,
  });
  const meter = new PixelEvidenceMeter();
  const evidence = [...clip.frames()].map((frame) =>
    meter.observe(frame, frame.mesh, frame.capturedAtMs),
  );
  return new Map(
    PIXEL_CUES.map((cue) => {
      const values = evidence.flatMap((frame) => frame?.[cue] ?? []);
      return [cue, values.reduce((sum, value) => sum + value, 0) / values.length];
    }),
  );
}

describe('PixelEvidenceMeter on generated clips', () => {
  const living = meansOf('bona-fide');
  const print = meansOf('print');
  const phone = meansOf('phone-photo');

  it('sees the room stay behind a person, and the paper go along with a print', () => {
    assert.ok(living.get('surroundings-follow')! > print.get('surroundings-follow')! + 0.5);
  });

  it('sees the grid and the flicker of a screen', () => {
    for (const cue of ['moire', 'refresh-bands'] as const) {
      assert.ok(phone.get(cue)! > living.get(cue)! + 0.3, cue);
    }
  });

  it('sees that all of a print is equally sharp, and its ink pale', () => {
    assert.ok(print.get('defocus')! > living.get('defocus')! + 0.3);
    assert.ok(print.get('saturation')! < living.get('saturation')!);
    assert.ok(print.get('black-level')! > living.get('black-level')!);
  });

  it('claims nothing of a heartbeat after so short a time', () => {
    assert.ok(Number.isNaN(living.get('pulse')));
  });
});

describe('PixelEvidenceMeter', () => {
  it('has no evidence where the mesh is no face', () => {
    const frame = drawnFrame(() => 100);
    const nothing = new Float32Array(3 * 468).fill(Number.NaN);
    assert.equal(new PixelEvidenceMeter().observe(frame, nothing, monotonicMs(0)), undefined);
  });

  it('begins anew with a new track', () => {
    const meter = new PixelEvidenceMeter();
    const frame = drawnFrame(() => 100);
    const mesh = Float32Array.from(portrait.mesh);
    for (const atMs of [0, 40]) meter.observe(frame, mesh, monotonicMs(atMs));
    meter.reset();
    assert.equal(meter.observe(frame, mesh, monotonicMs(80))?.['refresh-bands'], undefined);
  });
});
