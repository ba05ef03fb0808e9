const SMALLEST = 0.4;
const STEP = 0.05;

/**
 * Shrinks the type of a box until nothing of it is cut off. Texts come in two languages, names and
 * waivers in any length, screens in any shape: what does not fit must become smaller, never vanish.
 * @param {HTMLElement} box an element whose descendants' font sizes multiply `--fit`
 */
export function fitText(box) {
  for (let fit = 1; fit >= SMALLEST; fit -= STEP) {
    box.style.setProperty('--fit', fit.toFixed(2));
    if (box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth) return;
  }
}
