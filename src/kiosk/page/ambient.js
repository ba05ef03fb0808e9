// The picture on the wall while nobody is there: sunlight through an arcade, falling on plaster and
// wandering with the hour, leaves moving in front of it. Drawn small and stretched: light has no
// hard edges, and a board that guards a door has better uses for its cores.
const HEIGHT_PX = 360;
const FRAME_MS = 200;
const STILL_MS = 60_000;
const DRIFT_MS = 240_000;
const ARCHES = 4;
const FLOOR_RATIO = 0.7;
const LEAVES = 120;

/** @typedef {number[]} Colour red, green, blue, 0..255 */

/** Colours by hour: wall in shade, light on the wall. Between them the page interpolates. */
const HOURS = [
  { hour: 0, shade: [24, 30, 48], light: [92, 112, 150] },
  { hour: 5, shade: [38, 40, 62], light: [150, 140, 165] },
  { hour: 7, shade: [84, 68, 72], light: [246, 196, 160] },
  { hour: 10, shade: [122, 106, 92], light: [252, 228, 190] },
  { hour: 15, shade: [124, 104, 84], light: [255, 226, 176] },
  { hour: 18, shade: [98, 66, 54], light: [255, 178, 108] },
  { hour: 20, shade: [52, 42, 60], light: [198, 126, 118] },
  { hour: 22, shade: [28, 32, 50], light: [104, 116, 152] },
  { hour: 24, shade: [24, 30, 48], light: [92, 112, 150] },
];

/**
 * @param {HTMLCanvasElement} canvas covers the screen
 * @param {{ reducedMotion: MediaQueryList, hour: () => number }} options
 */
export function createAmbient(canvas, { reducedMotion, hour }) {
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext('2d', { alpha: false })
  );
  const leaves = scatter();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const paint = () => {
    const ratio = canvas.clientWidth / Math.max(1, canvas.clientHeight);
    const width = Math.max(2, Math.round(HEIGHT_PX * Math.min(2.4, ratio)));
    if (canvas.width !== width || canvas.height !== HEIGHT_PX) {
      canvas.width = width;
      canvas.height = HEIGHT_PX;
    }
    const turn = reducedMotion.matches ? 0.6 : ((performance.now() / DRIFT_MS) % 1) * 2 * Math.PI;
    drawWall(context, { hour: hour(), turn, leaves });
  };
  const loop = () => {
    paint();
    timer = setTimeout(loop, reducedMotion.matches ? STILL_MS : FRAME_MS);
  };
  return {
    start() {
      if (timer === undefined) loop();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ hour: number, turn: number, leaves: ReturnType<typeof scatter> }} scene
 */
function drawWall(context, { hour, turn, leaves }) {
  const { width, height } = context.canvas;
  const { shade, light } = coloursAt(hour);
  const floor = FLOOR_RATIO * height;
  context.globalAlpha = 1;
  context.filter = 'none';
  fillGradient(context, { top: 0, bottom: floor, from: rgb(shade, 0.92), to: rgb(shade, 1.18) });
  fillGradient(context, {
    top: floor,
    bottom: height,
    from: rgb(shade, 0.78),
    to: rgb(shade, 0.5),
  });

  // The sun's height leans the light on the wall; on the floor it runs towards us. Its own edge is
  // nearly sharp, and a wide faint one around it is what the wall throws back.
  const lean = 0.3 + 0.12 * Math.sin(turn);
  const slide = 0.06 * width * Math.cos(turn);
  const openings = arcade(width, height, { lean, slide });
  for (const [alpha, blur] of [
    [0.3, 16],
    [0.9, 1.6],
  ]) {
    context.filter = `blur(${blur}px)`;
    context.globalAlpha = alpha;
    context.fillStyle = rgb(light, 1);
    context.fill(openings.wall);
    context.globalAlpha = alpha * 0.72;
    context.fill(openings.floor);
  }
  drawLeaves(context, { shade, turn, leaves });
  context.globalAlpha = 0.35;
  context.filter = 'blur(1px)';
  context.fillStyle = rgb(shade, 0.4);
  context.fillRect(0, floor - 1, width, 2.5);
  context.filter = 'none';
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ top: number, bottom: number, from: string, to: string }} band
 */
function fillGradient(context, { top, bottom, from, to }) {
  const gradient = context.createLinearGradient(0, top, 0, bottom);
  gradient.addColorStop(0, from);
  gradient.addColorStop(1, to);
  context.fillStyle = gradient;
  context.fillRect(0, top, context.canvas.width, bottom - top);
}

/**
 * Light through openings between columns, round above; the wall's part leans, the floor's fans out.
 * @param {number} width
 * @param {number} height
 * @param {{ lean: number, slide: number }} sun
 */
function arcade(width, height, { lean, slide }) {
  const wall = new Path2D();
  const onFloor = new Path2D();
  const floor = FLOOR_RATIO * height;
  const pitch = Math.max(width / ARCHES, height * 0.46);
  const opening = pitch * 0.66;
  const crown = 0.2 * height + opening / 2;
  const shear = new DOMMatrix([1, 0, -lean, 1, slide + lean * floor, 0]);
  for (let index = -2; index * pitch < width + pitch; index += 1) {
    const left = index * pitch + (pitch - opening) / 2;
    const arch = new Path2D();
    arch.moveTo(left, floor);
    arch.lineTo(left, crown);
    arch.arc(left + opening / 2, crown, opening / 2, Math.PI, 0);
    arch.lineTo(left + opening, floor);
    arch.closePath();
    wall.addPath(arch, shear);
    const reach = (/** @type {number} */ edge) =>
      slide + edge + (slide + edge - width / 2) * 0.5 - lean * height * 0.9;
    onFloor.moveTo(slide + left, floor);
    onFloor.lineTo(slide + left + opening, floor);
    onFloor.lineTo(reach(left + opening), height * 1.1);
    onFloor.lineTo(reach(left), height * 1.1);
    onFloor.closePath();
  }
  return { wall, floor: onFloor };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ shade: Colour, turn: number, leaves: ReturnType<typeof scatter> }} scene
 */
function drawLeaves(context, { shade, turn, leaves }) {
  const { width, height } = context.canvas;
  context.filter = 'blur(2.5px)';
  context.fillStyle = rgb(shade, 1.02);
  for (const leaf of leaves) {
    const sway = Math.sin(turn * leaf.pace + leaf.phase);
    context.globalAlpha = leaf.depth;
    context.beginPath();
    context.ellipse(
      width - (leaf.x + 0.014 * sway) * height,
      (leaf.y + 0.01 * sway) * height,
      leaf.size * height,
      leaf.size * 0.3 * height,
      leaf.angle + 0.2 * sway,
      0,
      2 * Math.PI,
    );
    context.fill();
  }
}

/** The shadow of a bough from the upper right, in units of the height; the same on every wall. */
function scatter() {
  let seed = 20_261;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return Array.from({ length: LEAVES }, () => {
    const along = random();
    const twig = Math.floor(random() * 4);
    return {
      x: 0.95 * along,
      y: 0.05 + 0.1 * twig + 0.34 * along - 0.1 * along * twig + 0.1 * (random() - 0.5),
      size: 0.024 + 0.022 * random(),
      angle: Math.PI * (0.62 + 0.5 * random()),
      depth: 0.45 + 0.4 * random(),
      pace: 18 + Math.round(14 * random()),
      phase: 2 * Math.PI * random(),
    };
  });
}

/** @param {number} hour 0..24, with its fraction */
function coloursAt(hour) {
  const next = HOURS.findIndex((entry) => entry.hour > hour);
  const later = HOURS[next === -1 ? HOURS.length - 1 : next];
  const earlier = HOURS[Math.max(0, (next === -1 ? HOURS.length : next) - 1)];
  const part = later === earlier ? 0 : (hour - earlier.hour) / (later.hour - earlier.hour);
  /**
   * @param {Colour} from
   * @param {Colour} to
   */
  const mix = (from, to) => from.map((value, index) => value + (to[index] - value) * part);
  return { shade: mix(earlier.shade, later.shade), light: mix(earlier.light, later.light) };
}

/**
 * @param {Colour} colour
 * @param {number} gain
 */
function rgb(colour, gain) {
  return `rgb(${colour.map((value) => Math.round(Math.min(255, value * gain))).join(' ')})`;
}
