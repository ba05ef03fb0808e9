/** Half the ring's diameter over the larger side of the face's box. */
const RING_RATIO = 0.7;
const GUIDE_RATIO = 0.3;
const EASING = 0.35;

/**
 * The camera's picture and the ring that follows the face.
 * @param {HTMLElement} section
 * @param {{ reducedMotion: MediaQueryList }} options
 */
export function createMirror(section, { reducedMotion }) {
  const canvas = /** @type {HTMLCanvasElement} */ (section.querySelector('canvas'));
  const ring = /** @type {SVGGElement} */ (section.querySelector('.ring'));
  const progress = /** @type {SVGElement} */ (section.querySelector('.ring-progress'));
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext('2d', { alpha: false, desynchronized: true })
  );
  /** Centre and radius in CSS pixels of the section. */
  let shown = { x: 0, y: 0, radius: 0 };
  let wanted = shown;
  let isEasing = false;

  const place = () => {
    ring.setAttribute(
      'transform',
      `translate(${shown.x.toFixed(1)} ${shown.y.toFixed(1)}) scale(${(shown.radius / 100).toFixed(4)})`,
    );
  };
  const ease = () => {
    const step = (/** @type {'x' | 'y' | 'radius'} */ key) =>
      shown[key] + (wanted[key] - shown[key]) * EASING;
    shown = { x: step('x'), y: step('y'), radius: step('radius') };
    const isThere = Math.hypot(wanted.x - shown.x, wanted.y - shown.y) < 0.5;
    if (isThere) shown = wanted;
    place();
    isEasing = !isThere;
    if (isEasing) requestAnimationFrame(ease);
  };

  return {
    /** @param {Blob} jpeg */
    async draw(jpeg) {
      const picture = await createImageBitmap(jpeg);
      if (canvas.width !== picture.width || canvas.height !== picture.height) {
        canvas.width = picture.width;
        canvas.height = picture.height;
      }
      context.drawImage(picture, 0, 0);
      picture.close();
      section.dataset.picture = 'live';
    },
    /** Nobody's face stays behind on the screen. */
    clear() {
      context.fillRect(0, 0, canvas.width, canvas.height);
      section.dataset.picture = 'none';
    },
    /**
     * @param {import('../kiosk-state.ts').KioskFace | undefined} face
     * @param {boolean} mirrored
     */
    follow(face, mirrored) {
      section.dataset.mirrored = String(mirrored);
      section.dataset.face = face === undefined ? 'none' : 'found';
      const { clientWidth, clientHeight } = section;
      wanted =
        face === undefined
          ? {
              x: clientWidth / 2,
              y: clientHeight / 2,
              radius: GUIDE_RATIO * Math.min(clientWidth, clientHeight),
            }
          : ringOf(face, mirrored, canvas, section);
      progress.style.setProperty('--progress', String(face?.progress ?? 0));
      if (reducedMotion.matches || shown.radius === 0) {
        shown = wanted;
        place();
      } else if (!isEasing) {
        isEasing = true;
        requestAnimationFrame(ease);
      }
    },
  };
}

/**
 * From the frame's ratios to the section, which the picture covers centred, cut at two sides.
 * @param {import('../kiosk-state.ts').KioskFace} face
 * @param {boolean} mirrored
 * @param {{ width: number, height: number }} frame
 * @param {{ clientWidth: number, clientHeight: number }} section
 */
function ringOf(face, mirrored, frame, { clientWidth, clientHeight }) {
  const scale = Math.max(clientWidth / frame.width, clientHeight / frame.height);
  const width = frame.width * scale;
  const height = frame.height * scale;
  const x = (face.x + face.width / 2) * width + (clientWidth - width) / 2;
  const y = (face.y + face.height / 2) * height + (clientHeight - height) / 2;
  const radius = RING_RATIO * Math.max(face.width * width, face.height * height);
  return { x: mirrored ? clientWidth - x : x, y, radius };
}
