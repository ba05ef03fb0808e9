import { createAmbient } from './ambient.js';
import { connect } from './connection.js';
import { describe } from './describe.js';
import { fitText } from './fit-text.js';
import { chooseLanguage, MESSAGES } from './language.js';
import { createMirror } from './mirror.js';
import { createPainting } from './painting.js';

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {HTMLElement} parent */
const spanOf = (parent) => /** @type {HTMLElement} */ (parent.querySelector('span'));
const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
const askedLanguage = new URLSearchParams(location.search).get('lang');
const mirror = createMirror(element('mirror'), { reducedMotion });
const ambient = createAmbient(/** @type {HTMLCanvasElement} */ (element('art')), {
  reducedMotion,
  hour: () => hourNow,
});
const painting = createPainting(/** @type {HTMLCanvasElement} */ (element('painting')), {
  reducedMotion,
});

const DOOR_GLYPHS = {
  locked: 'padlock',
  unlocked: 'padlock-open',
  open: 'door-open',
  'held-open': 'door-open',
  forced: 'warning',
  unknown: 'question',
};

/** @type {import('../kiosk-message.ts').KioskHeader | undefined} */
let header;
/** @type {import('./language.js').PageMode} */
let mode = 'starting';
let hourNow = 12;

/**
 * Writes only what changed: a screen reader speaks each text once, and layout is left alone.
 * @param {Element} target
 * @param {string} text
 */
function write(target, text) {
  if (target.textContent === text) return false;
  target.textContent = text;
  return true;
}

function show() {
  const language = chooseLanguage([askedLanguage, header?.language, ...navigator.languages]);
  const messages = MESSAGES[language];
  const view = describe(mode, header, messages);
  document.documentElement.lang = language;
  const { dataset } = document.body;
  dataset.cue = view.cue;
  showSteps(header?.steps);
  const isNewLayout = dataset.layout !== view.layout || dataset.mode !== view.mode;
  dataset.layout = view.layout;
  dataset.mode = view.mode;
  document.body.style.setProperty('--brightness', String(header?.brightness ?? 1));
  if (view.layout === 'art' && header?.art === undefined) painting.clear();
  // What lies under a painting need not move.
  if (view.layout === 'art' && !painting.isShown) ambient.start();
  else ambient.stop();
  if (view.layout !== 'mirror') mirror.clear();

  const glyph = `#glyph-${view.glyph}`;
  const use = /** @type {SVGUseElement} */ (element('glyph').firstElementChild);
  if (use.getAttribute('href') !== glyph) use.setAttribute('href', glyph);
  const isNewText = [
    write(element('headline'), view.headline),
    write(element('detail'), view.detail),
    write(element('codes'), view.codes),
    write(element('title'), view.title),
  ].includes(true);
  const isNewFrame = [showWaiver(messages), showDoor(messages), showClock(messages)].includes(true);
  if (isNewLayout || isNewText || isNewFrame) fitText(element('message'));
}

/** One mark for each thing that a challenge asks for. @param {import('../kiosk-state.ts').KioskSteps | undefined} steps */
function showSteps(steps) {
  const list = element('steps');
  const { done, total } = steps ?? { done: 0, total: 0 };
  while (list.childElementCount > total) list.lastElementChild?.remove();
  while (list.childElementCount < total) list.append(document.createElement('li'));
  for (const [index, mark] of [...list.children].entries()) {
    mark.classList.toggle('done', index < done);
    mark.classList.toggle('now', index === done);
  }
}

/** @param {import('./language.js').Messages} messages */
function showWaiver(messages) {
  const waiver = element('waiver');
  const because = header?.livenessWaiver;
  waiver.hidden = because === undefined;
  const isNew = write(waiver, because === undefined ? '' : messages.waiver(because));
  if (isNew) fitText(waiver);
  return isNew;
}

/** @param {import('./language.js').Messages} messages */
function showDoor(messages) {
  if (header === undefined) return false;
  const door = element('door');
  const relay = element('relay');
  door.dataset.state = header.door;
  relay.dataset.state = header.relay;
  door.querySelector('use')?.setAttribute('href', `#glyph-${DOOR_GLYPHS[header.door]}`);
  const isNewDoor = write(spanOf(door), messages.door[header.door]);
  return write(spanOf(relay), messages.relay[header.relay]) || isNewDoor;
}

/** @param {import('./language.js').Messages} messages */
function showClock(messages) {
  if (header === undefined) return false;
  const { wallMs, timeZone, siteName, gateName } = header;
  const parts = new Intl.DateTimeFormat(messages.locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  }).formatToParts(wallMs);
  const part = (/** @type {string} */ type) =>
    parts.find((entry) => entry.type === type)?.value ?? '';
  hourNow = Number(part('hour')) + Number(part('minute')) / 60;
  const isNewTime = write(element('clock'), `${part('hour')}:${part('minute')}`);
  // Beside the mirror there is room for one name, and the visitor knows where he is.
  const names = document.body.dataset.layout === 'mirror' ? [gateName] : [siteName, gateName];
  const place = names.filter((name) => name !== '').join(' · ');
  return write(element('place'), place) || isNewTime;
}

connect({
  async onMessage(fresh, jpeg) {
    try {
      if (jpeg !== undefined && fresh.art?.isAttached === true) {
        await painting.draw(jpeg, fresh.art.fadeMs);
      } else if (jpeg !== undefined) {
        await mirror.draw(jpeg);
      }
    } catch {
      // A damaged picture is skipped; the words that came with it still count.
    }
    header = fresh;
    mode = fresh.mode;
    show();
    mirror.follow(fresh.face, fresh.mirrored);
  },
  onSilent() {
    mode = 'disconnected';
    show();
  },
});
addEventListener('resize', () => {
  fitText(element('waiver'));
  fitText(element('message'));
});
show();
