/** Who wishes for stillness gets a new picture this often at most. */
const STILL_MS = 30_000;
/** Larger than what is painted, smaller than a hall's display: brush strokes have no finer edges. */
const LONG_SIDE_PX = 960;

/**
 * The painted picture over the plain idle one. A new picture is laid over the one before, thin at
 * first, so that no more than one is ever kept beside the canvas, whatever arrives.
 * @param {HTMLCanvasElement} canvas covers the screen
 * @param {{ reducedMotion: MediaQueryList }} options
 */
export function createPainting(canvas, { reducedMotion }) {
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext('2d', { alpha: false })
  );
  /** @type {{ picture: ImageBitmap, beganMs: number, fadeMs: number, share: number } | undefined} */
  let arriving;
  let nextStep = 0;
  let changedAtMs = Number.NEGATIVE_INFINITY;

  const settle = () => {
    cancelAnimationFrame(nextStep);
    arriving?.picture.close();
    arriving = undefined;
  };
  const step = () => {
    if (arriving === undefined) return;
    const { picture, beganMs, fadeMs, share } = arriving;
    const wanted = fadeMs <= 0 ? 1 : Math.min(1, (performance.now() - beganMs) / fadeMs);
    // Laid over what is there already, so much more makes up the wanted share.
    context.globalAlpha = wanted === 1 ? 1 : (wanted - share) / (1 - share);
    drawCovering(context, picture);
    arriving.share = wanted;
    if (wanted === 1) settle();
    else nextStep = requestAnimationFrame(step);
  };

  return {
    get isShown() {
      return canvas.dataset.shown === 'true';
    },
    /**
     * @param {Blob} jpeg
     * @param {number} fadeMs
     */
    async draw(jpeg, fadeMs) {
      const now = performance.now();
      const isFirst = canvas.dataset.shown !== 'true';
      if (reducedMotion.matches && !isFirst && now - changedAtMs < STILL_MS) return;
      const picture = await createImageBitmap(jpeg);
      settle();
      const isNewShape = fitToScreen(canvas);
      const isCut = isFirst || isNewShape || reducedMotion.matches;
      arriving = { picture, beganMs: now, fadeMs: isCut ? 0 : fadeMs, share: 0 };
      changedAtMs = now;
      step();
      canvas.dataset.shown = 'true';
    },
    clear() {
      settle();
      canvas.dataset.shown = 'false';
    },
  };
}

/**
 * The screen's shape at the painting's size; a canvas whose size is set is black.
 * @param {HTMLCanvasElement} canvas
 * @returns {boolean} whether it had another
 */
function fitToScreen(canvas) {
  const { clientWidth, clientHeight } = canvas;
  const scale = Math.min(1, LONG_SIDE_PX / Math.max(1, clientWidth, clientHeight));
  const width = Math.max(1, Math.round(clientWidth * scale));
  const height = Math.max(1, Math.round(clientHeight * scale));
  if (canvas.width === width && canvas.height === height) return false;
  canvas.width = width;
  canvas.height = height;
  return true;
}

/**
 * Centred, cut at two sides where the shapes differ.
 * @param {CanvasRenderingContext2D} context
 * @param {ImageBitmap} picture
 */
function drawCovering(context, picture) {
  const { width, height } = context.canvas;
  const scale = Math.max(width / picture.width, height / picture.height);
  const wide = picture.width * scale;
  const high = picture.height * scale;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, (width - wide) / 2, (height - high) / 2, wide, high);
}
