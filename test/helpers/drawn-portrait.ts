import { MESH_POINTS } from '../../src/domain/face.ts';
import { seededRandom } from '../../src/numeric/random.ts';
import { LIDS } from '../../src/synthesis/face-expression.ts';
import type { Portrait } from '../../src/synthesis/portrait.ts';
import { paintedImage } from './pictures.ts';

const SIDE_PX = 640;
const CENTRE = { x: 320, y: 330 } as const;
/** Half axes of the face. */
const FACE = { x: 130, y: 170, z: 90 } as const;
/** Middle and half width of each eye, outer corner, inner corner. */
const EYES = [
  { x: 260, y: 290, half: 30, outer: 33, inner: 133, side: -1 },
  { x: 380, y: 290, half: 30, outer: 263, inner: 362, side: 1 },
] as const;

/** A drawn face with a mesh that fits it, for tests that need no photograph. */
export function drawnPortrait(): Portrait {
  const random = seededRandom(5);
  const image = paintedImage(SIDE_PX, SIDE_PX, (x, y) => {
    const grain = 14 * (random() - 0.5);
    const within = ((x - CENTRE.x) / FACE.x) ** 2 + ((y - CENTRE.y) / FACE.y) ** 2;
    if (within > 1.5) return [110 + x / 12, 120 + y / 12, 130];
    if (within > 1) return [60 + grain, 45 + grain, 40 + grain];
    const isEye = EYES.some((eye) => Math.hypot((x - eye.x) / 30, (y - eye.y) / 10) < 1);
    if (isEye) return [60 + grain, 60 + grain, 70 + grain];
    const light = 1 - 0.25 * within;
    return [(205 + grain) * light, (160 + grain) * light, (135 + grain) * light];
  });
  return { image, mesh: drawnMesh() };
}

function drawnMesh(): Float32Array {
  const mesh = new Float32Array(3 * MESH_POINTS);
  for (let index = 0; index < MESH_POINTS; index += 1) {
    const radius = Math.sqrt((index + 0.5) / MESH_POINTS);
    const angle = index * Math.PI * (3 - Math.sqrt(5));
    place(mesh, index, FACE.x * radius * Math.cos(angle), FACE.y * radius * Math.sin(angle));
  }
  for (const [index, eye] of EYES.entries()) {
    const { upper, lower } = LIDS[index === 0 ? 0 : 1];
    const x = eye.x - CENTRE.x;
    const y = eye.y - CENTRE.y;
    place(mesh, eye.outer, x + eye.side * eye.half, y);
    place(mesh, eye.inner, x - eye.side * eye.half, y);
    for (const [step, point] of upper.entries()) {
      const angle = (Math.PI * (step + 1)) / 8;
      const across = x + eye.side * eye.half * Math.cos(angle);
      place(mesh, point, across, y - 10 * Math.sin(angle));
      place(mesh, lower[step]!, across, y + 10 * Math.sin(angle));
    }
  }
  for (const [point, x, y] of [
    [4, 0, 30],
    [61, -45, 95],
    [291, 45, 95],
    [13, 0, 92],
    [14, 0, 98],
  ] as const) {
    place(mesh, point, x, y);
  }
  return mesh;
}

/** On the front of an ellipsoid, the nose a little before it. */
function place(mesh: Float32Array, index: number, x: number, y: number): void {
  const inside = 1 - (x / FACE.x) ** 2 - (y / FACE.y) ** 2;
  const nose = 35 * Math.exp(-(x * x + (y - 30) ** 2) / 900);
  mesh.set(
    [CENTRE.x + x, CENTRE.y + y, -FACE.z * Math.sqrt(Math.max(0, inside)) - nose],
    3 * index,
  );
}
