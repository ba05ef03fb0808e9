import { MESH_POINTS } from '../../src/domain/face.ts';
import { monotonicMs } from '../../src/domain/units.ts';
import type { KeyFrame } from '../../src/liveness/key-frame.ts';
import { KeyFrameSampler } from '../../src/liveness/key-frame-sampler.ts';
import type { LivenessSample, PassiveScores } from '../../src/liveness/liveness-sample.ts';
import type { RandomSource } from '../../src/numeric/random.ts';
import { aMesh } from './faces.ts';

/** A face at one moment. */
export interface Posture {
  readonly yawDeg?: number;
  readonly pitchDeg?: number;
  /** Height of the eyes' opening over their width. */
  readonly eyeRatio?: number;
  /** Gap between the lips in head heights of 2. */
  readonly mouthGap?: number;
  readonly centreXPx?: number;
  readonly centreYPx?: number;
  readonly heightPx?: number;
}

/** The same kind of thing, as the camera sees it: a head, or a picture of one on a surface. */
export type Presentation = 'head' | 'flat-picture' | 'bent-picture';

const HEIGHT_PX = 160;
const CENTRE = { xPx: 160, yPx: 120 } as const;
/** Distance of the camera in head heights of 2: perspective makes a tilted picture a trapezium. */
const CAMERA = 8;

/** Lids: index, share of the eye's width from its left corner, above (-1) or below (+1). */
const LIDS = [
  [160, 33, 133, 0.25, -1],
  [158, 33, 133, 0.75, -1],
  [144, 33, 133, 0.25, 1],
  [153, 33, 133, 0.75, 1],
  [385, 362, 263, 0.25, -1],
  [387, 362, 263, 0.75, -1],
  [380, 362, 263, 0.25, 1],
  [373, 362, 263, 0.75, 1],
] as const;

/** (468, 3) float32 in pixels, z dropped to 0. */
export function presentedMesh(presentation: Presentation, posture: Posture = {}): Float32Array {
  const { centreXPx = CENTRE.xPx, centreYPx = CENTRE.yPx, heightPx = HEIGHT_PX } = posture;
  const mesh = new Float32Array(3 * MESH_POINTS);
  const head = neutralHead(posture);
  for (let index = 0; index < MESH_POINTS; index += 1) {
    const x = head[3 * index]!;
    const y = head[3 * index + 1]!;
    const depth = presentation === 'head' ? head[3 * index + 2]! : 0;
    const bent = presentation === 'bent-picture' ? 0.25 * x * x : 0;
    const [turnedX, turnedY, turnedZ] = turned(x, y, depth + bent, posture);
    const scale = (heightPx / 2) * (CAMERA / (CAMERA + turnedZ));
    mesh[3 * index] = centreXPx + turnedX * scale;
    mesh[3 * index + 1] = centreYPx + turnedY * scale;
  }
  return mesh;
}

/** Head of height 2 round the origin, looking straight ahead, with lids and lips as the posture says. */
function neutralHead({ eyeRatio = 0.3, mouthGap = 0.02 }: Posture): Float32Array {
  const { points } = aMesh({ centre: { xPx: 0, yPx: 0 }, heightPx: 2 });
  for (const [index, leftCorner, rightCorner, along, side] of LIDS) {
    const left = points[3 * leftCorner]!;
    const width = points[3 * rightCorner]! - left;
    points[3 * index] = left + along * width;
    points[3 * index + 1] = points[3 * leftCorner + 1]! + (side * eyeRatio * width) / 2;
    points[3 * index + 2] = points[3 * leftCorner + 2]!;
  }
  for (const [index, side] of [
    [13, -1],
    [14, 1],
  ] as const) {
    points[3 * index] = 0;
    points[3 * index + 1] = 0.45 + (side * mouthGap) / 2;
    points[3 * index + 2] = -0.5;
  }
  return points;
}

function turned(
  x: number,
  y: number,
  z: number,
  { yawDeg = 0, pitchDeg = 0 }: Posture,
): readonly [number, number, number] {
  const yaw = (yawDeg * Math.PI) / 180;
  const pitch = (pitchDeg * Math.PI) / 180;
  const pitchedY = y * Math.cos(pitch) - z * Math.sin(pitch);
  const pitchedZ = y * Math.sin(pitch) + z * Math.cos(pitch);
  return [
    x * Math.cos(yaw) - pitchedZ * Math.sin(yaw),
    pitchedY,
    x * Math.sin(yaw) + pitchedZ * Math.cos(yaw),
  ];
}

/** Adds noise of that standard deviation in pixels to x and y. */
export function withNoise(mesh: Float32Array, sigmaPx: number, random: RandomSource): Float32Array {
  return mesh.map((value, index) => (index % 3 === 2 ? value : value + sigmaPx * normal(random)));
}

/** Source: Box and Muller */
const normal = (random: RandomSource): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** What the passive networks say of a typical bona fide face, and of a typical picture. */
export const LIVELY: PassiveScores = {
  wide: [0.97, 0.029, 0.001],
  tight: [0.97, 0.029, 0.001],
  antispoof: 0.75,
};
export const LIFELESS: PassiveScores = {
  wide: [0.01, 0.985, 0.005],
  tight: [0.01, 0.985, 0.005],
  antispoof: 0.85,
};

export function aLivenessSample(
  atMs: number,
  mesh: Float32Array,
  rest: { readonly trackId?: number; readonly passive?: PassiveScores | undefined } = {},
): LivenessSample {
  const { trackId = 1 } = rest;
  return {
    capturedAtMs: monotonicMs(atMs),
    trackId,
    mesh,
    box: { xPx: 100, yPx: 40, widthPx: 120, heightPx: 160 },
    detectorScore: 0.9,
    passive: 'passive' in rest ? rest.passive : LIVELY,
  };
}

/** Key frames of a presentation that goes through some postures, one each 750 ms. */
export function keyFramesOf(
  presentation: Presentation,
  postures: readonly Posture[],
  passive: PassiveScores | undefined = LIVELY,
): readonly KeyFrame[] {
  const sampler = new KeyFrameSampler(750);
  return postures.flatMap(
    (posture, index) =>
      sampler.take(
        aLivenessSample(index * 750, presentedMesh(presentation, posture), { passive }),
      ) ?? [],
  );
}
