// The picture on the wall while nobody is there: sunlight through an arcade, falling on plaster and
// wandering with the hour, leaves moving in front of it. Drawn small and stretched: light has no
// hard edges, and a board that guards a door has better uses for its cores.
const HEIGHT_PX = 270;
const FRAME_MS = 125;
const STILL_MS = 60_000;
const DRIFT_MS = 240_000;
const ARCHES = 5;
const LEAVES = 46;

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
  let timer = 0;

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
      if (timer === 0) loop();
    },
    stop() {
      clearTimeout(timer);
      timer = 0;
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
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 1;
  context.filter = 'none';
  const wall = context.createLinearGradient(0, 0, width, height);
  wall.addColorStop(0, rgb(shade, 1.12));
  wall.addColorStop(1, rgb(shade, 0.72));
  context.fillStyle = wall;
  context.fillRect(0, 0, width, height);

  // The sun's height leans the light; a second, fainter set is the sky's.
  const lean = 0.42 + 0.16 * Math.sin(turn);
  const slide = 0.09 * width * Math.cos(turn);
  for (const [alpha, blur, spread] of [
    [0.35, 14, 1.16],
    [0.92, 4, 1],
  ]) {
    context.filter = `blur(${blur}px)`;
    context.globalAlpha = alpha;
    const glow = context.createLinearGradient(0, 0, width * 0.7, height);
    glow.addColorStop(0, rgb(light, 1));
    glow.addColorStop(1, rgb(light, 0.8));
    context.fillStyle = glow;
    context.setTransform(1, 0, -lean, 1, slide + lean * height * 0.8, 0);
    context.fill(arcade(width, height, spread));
  }
  drawLeaves(context, { shade, turn, leaves });
  context.filter = 'none';
  context.setTransform(1, 0, 0, 1, 0, 0);
}

/** Openings between columns, round above. */
function arcade(width, height, spread) {
  const path = new Path2D();
  const pitch = (Math.max(width, height) * 1.25) / ARCHES;
  const opening = pitch * 0.62 * spread;
  for (let index = -2; index < ARCHES + 1; index += 1) {
    const left = index * pitch + (pitch - opening) / 2;
    const crown = height * 0.16 + opening / 2;
    path.moveTo(left, height * 1.2);
    path.lineTo(left, crown);
    path.arc(left + opening / 2, crown, opening / 2, Math.PI, 0);
    path.lineTo(left + opening, height * 1.2);
    path.closePath();
  }
  return path;
}

function drawLeaves(context, { shade, turn, leaves }) {
  const { width, height } = context.canvas;
  context.filter = 'blur(5px)';
  context.fillStyle = rgb(shade, 0.86);
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (const leaf of leaves) {
    const sway = Math.sin(turn * leaf.pace + leaf.phase);
    context.globalAlpha = leaf.depth;
    context.beginPath();
    context.ellipse(
      (leaf.x + 0.012 * sway) * width,
      (leaf.y + 0.01 * sway * leaf.depth) * height,
      leaf.size * height,
      leaf.size * 0.42 * height,
      leaf.angle + 0.25 * sway,
      0,
      2 * Math.PI,
    );
    context.fill();
  }
}

/** A bough that hangs into the picture from the upper right; the same on every wall. */
function scatter() {
  let seed = 20_261;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return Array.from({ length: LEAVES }, () => {
    const along = random();
    return {
      x: 1.02 - 0.55 * along + 0.12 * (random() - 0.5),
      y: 0.04 + 0.34 * along * along + 0.3 * (random() - 0.4) * (1 - 0.5 * along),
      size: 0.022 + 0.03 * random(),
      angle: Math.PI * (0.15 + 0.5 * random()),
      depth: 0.35 + 0.4 * random(),
      pace: 18 + Math.round(14 * random()),
      phase: 2 * Math.PI * random(),
    };
  });
}

function coloursAt(hour) {
  const next = HOURS.findIndex((entry) => entry.hour > hour);
  const later = HOURS[next === -1 ? HOURS.length - 1 : next];
  const earlier = HOURS[Math.max(0, (next === -1 ? HOURS.length : next) - 1)];
  const part = later === earlier ? 0 : (hour - earlier.hour) / (later.hour - earlier.hour);
  const mix = (from, to) => from.map((value, index) => value + (to[index] - value) * part);
  return { shade: mix(earlier.shade, later.shade), light: mix(earlier.light, later.light) };
}

function rgb(colour, gain) {
  return `rgb(${colour.map((value) => Math.round(Math.min(255, value * gain))).join(' ')})`;
}
