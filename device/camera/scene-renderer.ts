import type { FrameSize } from '../../src/domain/frame.ts';

/** A cut-out person: a photograph and where the face is in it. */
export interface SceneActor {
  /** Packed RGB. */
  readonly rgb: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Centre and height of the face in the photograph; roll is how far the head leans clockwise. */
  readonly face: {
    readonly xPx: number;
    readonly yPx: number;
    readonly heightPx: number;
    readonly rollDeg: number;
  };
}

/** Where and how an actor stands in one frame. */
export interface ScenePlacement {
  readonly actor: SceneActor;
  /** Centre of the face in the frame. */
  readonly xPx: number;
  readonly yPx: number;
  /** Height of the face in the frame. */
  readonly faceHeightPx: number;
  readonly rollDeg: number;
  /** Multiplies the light; 1 leaves the photograph as it is. */
  readonly gain: number;
}

/** Half axes of the visible ellipse in face heights, and the share of it that fades out. */
const CUT_OUT = { across: 0.95, up: 1.05, down: 1.25, feather: 0.22 };
const NOISE_LEVEL = 5;
const NOISE_LENGTH = 65_537;

/**
 * Draws a synthetic entrance with people cut out of photographs, as a camera would see them: scaled,
 * tilted, relit, with fresh sensor noise in every frame. Everything is allocated once.
 */
export class SceneRenderer {
  readonly #size: FrameSize;
  readonly #wall: Uint8Array;
  readonly #noise: Int8Array;

  /** @param random draws in [0, 1); seeds the noise of the sensor */
  constructor(size: FrameSize, random: () => number) {
    this.#size = size;
    this.#wall = drawWall(size);
    this.#noise = Int8Array.from({ length: NOISE_LENGTH }, () =>
      Math.round((random() + random() + random() - 1.5) * NOISE_LEVEL),
    );
  }

  /**
   * Fills one frame.
   * @param target widthPx * heightPx * 3 bytes, packed RGB
   * @param phase any integer; another phase gives other noise
   */
  render(target: Uint8Array, placements: readonly ScenePlacement[], phase: number): void {
    target.set(this.#wall);
    for (const placement of placements) this.#paste(target, placement);
    this.#addNoise(target, phase);
  }

  #paste(target: Uint8Array, placement: ScenePlacement): void {
    const { widthPx, heightPx } = this.#size;
    const { actor, faceHeightPx } = placement;
    const scale = actor.face.heightPx / faceHeightPx;
    const angle = ((actor.face.rollDeg - placement.rollDeg) * Math.PI) / 180;
    const cos = Math.cos(angle) * scale;
    const sin = Math.sin(angle) * scale;
    const reach = faceHeightPx * CUT_OUT.down;
    const top = Math.max(0, Math.floor(placement.yPx - reach));
    const bottom = Math.min(heightPx - 1, Math.ceil(placement.yPx + reach));
    const left = Math.max(0, Math.floor(placement.xPx - reach));
    const right = Math.min(widthPx - 1, Math.ceil(placement.xPx + reach));
    for (let y = top; y <= bottom; y += 1) {
      for (let x = left; x <= right; x += 1) {
        const dx = x - placement.xPx;
        const dy = y - placement.yPx;
        const alpha = opacity(dx / faceHeightPx, dy / faceHeightPx);
        if (alpha <= 0) continue;
        const sourceX = actor.face.xPx + cos * dx - sin * dy;
        const sourceY = actor.face.yPx + sin * dx + cos * dy;
        blend(target, (y * widthPx + x) * 3, actor, sourceX, sourceY, scale, alpha, placement.gain);
      }
    }
  }

  #addNoise(target: Uint8Array, phase: number): void {
    const noise = this.#noise;
    let cursor = (phase * 7919) % NOISE_LENGTH;
    for (let index = 0; index < target.length; index += 1) {
      const value = (target[index] ?? 0) + (noise[cursor] ?? 0);
      target[index] = value < 0 ? 0 : Math.min(value, 255);
      cursor = cursor + 1 === NOISE_LENGTH ? 0 : cursor + 1;
    }
  }
}

/** 1 inside the cut-out, falling to 0 at its rim; arguments in face heights from its centre. */
function opacity(across: number, down: number): number {
  const vertical = down / (down < 0 ? CUT_OUT.up : CUT_OUT.down);
  const radius = Math.hypot(across / CUT_OUT.across, vertical);
  return Math.min(1, Math.max(0, (1 - radius) / CUT_OUT.feather));
}

/** Averages a scale x scale block of the photograph (no aliasing when shrinking) over the target. */
function blend(
  target: Uint8Array,
  offset: number,
  actor: SceneActor,
  xPx: number,
  yPx: number,
  scale: number,
  alpha: number,
  gain: number,
): void {
  const taps = Math.max(1, Math.min(6, Math.round(scale)));
  const step = scale / taps;
  const origin = -scale / 2 + step / 2;
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let row = 0; row < taps; row += 1) {
    const y = clamp(Math.round(yPx + origin + row * step), actor.heightPx - 1);
    for (let column = 0; column < taps; column += 1) {
      const x = clamp(Math.round(xPx + origin + column * step), actor.widthPx - 1);
      const at = (y * actor.widthPx + x) * 3;
      red += actor.rgb[at] ?? 0;
      green += actor.rgb[at + 1] ?? 0;
      blue += actor.rgb[at + 2] ?? 0;
    }
  }
  const share = (alpha * gain) / (taps * taps);
  target[offset] = Math.min(255, (target[offset] ?? 0) * (1 - alpha) + red * share);
  target[offset + 1] = Math.min(255, (target[offset + 1] ?? 0) * (1 - alpha) + green * share);
  target[offset + 2] = Math.min(255, (target[offset + 2] ?? 0) * (1 - alpha) + blue * share);
}

const clamp = (value: number, maximum: number): number =>
  value < 0 ? 0 : Math.min(value, maximum);

/** A plain corridor: a lit wall, a darker floor, three upright panels; nothing that resembles a face. */
function drawWall(size: FrameSize): Uint8Array {
  const { widthPx, heightPx } = size;
  const wall = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y += 1) {
    const down = y / heightPx;
    for (let x = 0; x < widthPx; x += 1) {
      const across = x / widthPx;
      const panel = Math.abs(((across * 3) % 1) - 0.5) > 0.47 ? 0.86 : 1;
      const floor = down > 0.86 ? 0.62 : 1;
      const lamp = 0.72 + 0.34 * Math.exp(-((across - 0.5) ** 2 * 5 + (down - 0.2) ** 2 * 3));
      const light = 150 * lamp * panel * floor;
      const offset = (y * widthPx + x) * 3;
      wall[offset] = light * 1.04;
      wall[offset + 1] = light;
      wall[offset + 2] = light * 0.92;
    }
  }
  return wall;
}
