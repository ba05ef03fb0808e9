/**
 * What a header looks like to a visitor. A pure function: the page draws exactly this.
 * @typedef {object} View
 * @property {import('./language.js').PageMode} mode colour and shape
 * @property {'art' | 'mirror' | 'poster'} layout
 * @property {string} glyph id of a symbol of index.html
 * @property {string} headline
 * @property {string} detail
 * @property {string} codes for the installer; empty when all is well
 * @property {string} cue what the visitor is to do with the head, as a glyph; empty when nothing
 * @property {string} title of the picture on the wall; empty without one
 */

/** @type {Record<import('./language.js').PageMode, { layout: View['layout'], glyph: string }>} */
const LOOKS = {
  starting: { layout: 'art', glyph: 'look' },
  idle: { layout: 'art', glyph: 'look' },
  offline: { layout: 'art', glyph: 'unlinked' },
  'look-here': { layout: 'mirror', glyph: 'look' },
  checking: { layout: 'mirror', glyph: 'wait' },
  welcome: { layout: 'mirror', glyph: 'check' },
  refused: { layout: 'mirror', glyph: 'refuse' },
  fault: { layout: 'poster', glyph: 'warning' },
  'locked-down': { layout: 'poster', glyph: 'padlock' },
  disconnected: { layout: 'poster', glyph: 'unlinked' },
};

/** @type {Record<import('../kiosk-state.ts').KioskAdvice, string>} */
export const ADVICE_GLYPHS = {
  'cut-off': 'look',
  'too-far': 'closer',
  'too-close': 'back',
  'too-dark': 'light',
  'too-bright': 'shade',
  'turned-away': 'face',
  tilted: 'face',
  occluded: 'face',
  blurred: 'still',
  'challenge-blink': 'blink',
  'challenge-turn-left': 'left',
  'challenge-turn-right': 'right',
  'challenge-come-closer': 'closer',
};

/**
 * @param {import('./language.js').PageMode} mode
 * @param {import('../kiosk-message.ts').KioskHeader | undefined} header
 * @param {import('./language.js').Messages} messages
 * @returns {View}
 */
export function describe(mode, header, messages) {
  const { layout, glyph } = LOOKS[mode];
  const view = { mode, layout, glyph, ...messages.modes[mode], codes: '', cue: '', title: '' };
  if (header === undefined) return view;
  switch (mode) {
    case 'idle':
    case 'offline':
      return { ...view, title: header.art === undefined ? '' : messages.artTitle(header.art) };
    case 'fault':
      return {
        ...view,
        codes: header.faults.length === 0 ? '' : messages.faultCodes(header.faults.join(' ')),
      };
    case 'welcome':
      return header.welcomeName === undefined
        ? view
        : { ...view, headline: messages.welcomeByName(header.welcomeName) };
    case 'refused':
      return header.reason === undefined ? view : { ...view, ...messages.reasons[header.reason] };
    case 'look-here':
    case 'checking':
      if (header.advice !== undefined) {
        const pictured = glyphOf(header);
        const cue = header.advice.startsWith('challenge-') ? pictured : '';
        return { ...view, ...messages.advice[header.advice], glyph: pictured, cue };
      }
      return header.reason === 'several-subjects'
        ? { ...view, ...messages.reasons[header.reason], glyph: 'people' }
        : view;
    default:
      return view;
  }
}

/**
 * In a mirror the visitor's left is the left of the screen; without one it is the right.
 * @param {import('../kiosk-message.ts').KioskHeader} header
 */
function glyphOf({ advice, mirrored }) {
  const glyph = advice === undefined ? 'look' : ADVICE_GLYPHS[advice];
  if (mirrored) return glyph;
  return { left: 'right', right: 'left' }[glyph] ?? glyph;
}
