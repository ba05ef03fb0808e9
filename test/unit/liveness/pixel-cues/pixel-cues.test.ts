import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { monotonicMs } from '../../../../src/domain/units.ts';
import { DefocusMeter } from '../../../../src/liveness/pixel-cues/defocus.ts';
import { faceColours } from '../../../../src/liveness/pixel-cues/face-colours.ts';
import { type FaceAxes, faceAxes } from '../../../../src/liveness/pixel-cues/face-window.ts';
import { FlickeringTexture } from '../../../../src/liveness/pixel-cues/flickering-texture.ts';
import { MoireMeter } from '../../../../src/liveness/pixel-cues/moire.ts';
import { PulseMeter } from '../../../../src/liveness/pixel-cues/pulse.ts';
import { RefreshBands } from '../../../../src/liveness/pixel-cues/refresh-bands.ts';
import { SurroundingsFollow } from '../../../../src/liveness/pixel-cues/surroundings-follow.ts';
import { seededRandom } from '../../../../src/numeric/random.ts';
import { cloud, drawnFrame, eyesAt } from '../../../helpers/frame-stacks.ts';

const axesAt = (x: number, y: number): FaceAxes => {
  const axes = faceAxes(eyesAt(x, y));
  assert.ok(axes !== undefined);
  return axes;
};
const middle = axesAt(320, 220);
const atTheEdge = axesAt(20, 20);
const blank = drawnFrame(() => 120);

describe('faceAxes', () => {
  it('has none where the mesh is no face', () => {
    assert.equal(faceAxes(eyesAt(Number.NaN, 0)), undefined);
    assert.equal(faceAxes(new Float32Array(3 * 468)), undefined);
  });
});

describe('SurroundingsFollow', () => {
  const moved = axesAt(330, 224);
  it('is negative where the surroundings go with the face', () => {
    const cue = new SurroundingsFollow();
    assert.equal(cue.measure(drawnFrame(cloud), middle), undefined);
    const value = cue.measure(
      drawnFrame((x, y) => cloud(x - 10, y - 4)),
      moved,
    );
    assert.ok(value !== undefined && value < -2, `${value}`);
  });

  it('is positive where they stay', () => {
    const cue = new SurroundingsFollow();
    cue.measure(drawnFrame(cloud), middle);
    const value = cue.measure(drawnFrame(cloud), moved);
    assert.ok(value !== undefined && value > 2, `${value}`);
  });

  it('is missing while the face stands still, and where nothing beside it is in the frame', () => {
    const still = new SurroundingsFollow();
    still.measure(blank, middle);
    assert.equal(still.measure(blank, middle), undefined);
    const cut = new SurroundingsFollow();
    cut.measure(blank, atTheEdge);
    assert.equal(cut.measure(blank, axesAt(30, 20)), undefined);
  });

  it('does not take a change of exposure for a change of place', () => {
    const cue = new SurroundingsFollow();
    cue.measure(drawnFrame(cloud), middle);
    const value = cue.measure(
      drawnFrame((x, y) => cloud(x - 10, y - 4) + 20),
      moved,
    );
    assert.ok(value !== undefined && value < -2);
  });
});

describe('MoireMeter', () => {
  const meter = new MoireMeter();
  const skin = (strength: number): number | undefined => {
    const random = seededRandom(1);
    const frame = drawnFrame((x, y) => {
      const noise = (): number => 8 * (random() - 0.5);
      const beat = strength * Math.sin(2 * Math.PI * (0.21 * x + 0.17 * y));
      return [180 + beat + noise(), 140 + noise(), 120 - beat + noise()];
    });
    return meter.measure(frame, middle);
  };

  it('stands out from noise where there are regular coloured waves', () => {
    const [without, faint, clear] = [skin(0), skin(3), skin(10)];
    assert.ok(without !== undefined && faint !== undefined && clear !== undefined);
    assert.ok(faint > without + 2, `${without} ${faint}`);
    assert.ok(clear > faint + 1);
  });

  it('is missing for a patch outside the frame', () => {
    assert.equal(meter.measure(blank, atTheEdge), undefined);
  });

  it('is missing where compression has taken the noise, and left waves of its own', () => {
    const blocks = drawnFrame((x) => [180 + (x % 8), 140, 120]);
    assert.equal(meter.measure(blocks, middle), undefined);
  });
});

describe('RefreshBands', () => {
  const banded = (contrast: number, phase: number) =>
    drawnFrame((_x, y) => 150 * (1 + contrast * Math.cos((2 * Math.PI * 3 * y) / 480 + phase)));

  it('sees bands that move, in proportion to their contrast', () => {
    const [weak, strong] = [0.02, 0.06].map((contrast) => {
      const cue = new RefreshBands();
      assert.equal(cue.measure(banded(contrast, 0), middle), undefined);
      return cue.measure(banded(contrast, Math.PI), middle)!;
    });
    assert.ok(Math.abs(strong! - weak! - Math.log(3)) < 0.3, `${weak} ${strong}`);
    assert.ok(weak! > -5);
  });

  it('is low where only the exposure changes', () => {
    const cue = new RefreshBands();
    cue.measure(drawnFrame(cloud), middle);
    const value = cue.measure(
      drawnFrame((x, y) => 1.1 * cloud(x, y)),
      middle,
    );
    assert.ok(value !== undefined && value < -5.5, `${value}`);
  });
});

describe('faceColours', () => {
  const face = (colour: readonly [number, number, number], dark: number, shine: boolean) =>
    faceColours(
      drawnFrame((x, y) => {
        if (y < 150) return dark;
        return shine && Math.hypot(x - 320, y - 260) < 25 ? 250 : colour;
      }),
      middle,
    );

  it('tells pale ink, glowing black, bluish white and a lamp in the glass', () => {
    const skin = face([190, 140, 115], 15, false);
    const ink = face([170, 145, 135], 45, false);
    const display = face([180, 150, 150], 15, true);
    assert.ok(skin !== undefined && ink !== undefined && display !== undefined);
    assert.ok(ink.saturation < skin.saturation);
    assert.ok(ink.blackLevel > 2 * skin.blackLevel);
    assert.ok(display.blueness > skin.blueness);
    assert.equal(skin.highlights, 0);
    assert.ok(display.highlights > 0.02);
  });

  it('is missing when most of the head is outside the frame', () => {
    assert.equal(faceColours(blank, axesAt(0, 0)), undefined);
  });
});

describe('DefocusMeter', () => {
  const meter = new DefocusMeter();
  const fine = (x: number, y: number): number => 128 + 30 * Math.sin(x) * Math.sin(1.3 * y);

  it('is near 0 where face and surroundings are equally sharp, and negative before a soft room', () => {
    const picture = meter.measure(drawnFrame(fine), middle)!;
    const room = meter.measure(
      drawnFrame((x, y) => (Math.abs(x - 320) < 90 ? fine(x, y) : cloud(x, y))),
      middle,
    )!;
    assert.ok(Math.abs(picture) < 0.5, `${picture}`);
    assert.ok(room < -2, `${room}`);
  });

  it('is missing when nothing beside the face is in the frame', () => {
    assert.equal(meter.measure(blank, atTheEdge), undefined);
  });
});

describe('FlickeringTexture', () => {
  const after = (frames: number, draw: (index: number) => ReturnType<typeof drawnFrame>) => {
    const cue = new FlickeringTexture();
    let value: number | undefined;
    for (let index = 0; index < frames; index += 1) value = cue.measure(draw(index), middle);
    return value;
  };
  const texture = (x: number, y: number): number => 128 + 30 * Math.sin(x / 2) * Math.sin(y / 2.5);

  it('is high where texture comes and goes, low where it stays', () => {
    const steady = after(6, () => drawnFrame(texture))!;
    const flickering = after(6, (index) =>
      drawnFrame((x, y) => 128 + (index % 2 === 0 ? 1 : -1) * (texture(x, y) - 128)),
    )!;
    assert.ok(steady < -4 && flickering > 1, `${steady} ${flickering}`);
  });

  it('is missing until the stack is full', () => {
    assert.equal(
      after(5, () => blank),
      undefined,
    );
  });
});

describe('PulseMeter', () => {
  const beat = (bloodOf: (seconds: number) => number, durationS: number) => {
    const meter = new PulseMeter();
    const random = seededRandom(4);
    const frame = { rgb: new Uint8Array(640 * 480 * 3), widthPx: 640, heightPx: 480 };
    for (let index = 0; index < durationS * 20; index += 1) {
      const seconds = index / 20;
      // The light wavers much more than the skin.
      const light = 1 + 0.03 * Math.sin(2 * Math.PI * 0.9 * seconds);
      const blood = bloodOf(seconds);
      const colour = [
        190 * (1 + 0.003 * blood),
        140 * (1 + 0.009 * blood),
        115 * (1 + 0.005 * blood),
      ];
      // Only the rows of the face are looked at.
      for (let at = 3 * 640 * 140; at < 3 * 640 * 290; at += 3) {
        for (let channel = 0; channel < 3; channel += 1) {
          frame.rgb[at + channel] = colour[channel]! * light + random();
        }
      }
      meter.observe(frame, middle, monotonicMs(1_000 * seconds));
    }
    return meter.measure();
  };

  it('finds a heartbeat under light that wavers ten times as much', () => {
    const found = beat((seconds) => Math.sin(2 * Math.PI * 1.25 * seconds), 9);
    assert.ok(found !== undefined);
    assert.ok(Math.abs(found.hz - 1.25) < 0.1, `${found.hz}`);
    assert.ok(found.clarity > 0.5, `${found.clarity}`);
  });

  it('says nothing before eight seconds', () => {
    assert.equal(
      beat(() => 0, 4),
      undefined,
    );
  });
});
