/** Texts that are cut off, outside the screen or overlapping, and any way to scroll. Runs in the page. */
export const FAULTS_OF_LAYOUT = `(() => {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) faults.push('the page scrolls');
  const boxes = [];
  for (const id of ['waiver', 'place', 'title', 'clock', 'headline', 'detail', 'codes', 'door', 'relay']) {
    const node = document.getElementById(id);
    const style = getComputedStyle(node);
    if (node.hidden || style.display === 'none' || style.visibility === 'hidden' || node.textContent.trim() === '') continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const { left, right, top, bottom, height } = range.getBoundingClientRect();
    // A font's box is taller than its letters.
    const box = { left, right, top: top + 0.18 * height, bottom: bottom - 0.18 * height };
    if (box.left < 0 || box.top < 0 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1) faults.push(id + ' leaves the screen');
    if (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1 && id === 'waiver') faults.push(id + ' is cut off');
    for (const other of boxes) {
      if (box.left < other.box.right - 1 && other.box.left < box.right - 1 && box.top < other.box.bottom - 1 && other.box.top < box.bottom - 1) faults.push(id + ' lies over ' + other.id);
    }
    boxes.push({ id, box });
  }
  const message = document.getElementById('message');
  if (message.scrollHeight > message.clientHeight || message.scrollWidth > message.clientWidth) faults.push('the message is cut off');
  const headline = parseFloat(getComputedStyle(document.getElementById('headline')).fontSize);
  const least = 0.055 * Math.min(innerWidth, innerHeight);
  if (headline < least) faults.push('the headline is too small to read: ' + headline + ' px');
  return faults;
})()`;
