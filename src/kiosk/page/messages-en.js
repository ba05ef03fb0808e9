// What the visitor reads. Short, polite, and of no use to somebody who tries to get past the door:
// no figures, and one wording for every way of not being recognised.
const NOT_RECOGNISED = {
  headline: 'Not recognised',
  detail: 'Please try once more, or ask for help.',
};
const CANNOT_CHECK = {
  headline: 'Cannot check now',
  detail: 'Please use another entrance, or ask for help.',
};
const NOT_NOW = { headline: 'No access now', detail: 'Please ask for help.' };
const AGAIN = { headline: 'Please try again', detail: 'Look at the camera and hold still.' };

/** @type {import('./language.js').Messages} */
export const messagesEn = {
  locale: 'en-GB',
  modes: {
    starting: { headline: 'One moment', detail: 'This screen is starting.' },
    idle: { headline: 'Come up to the door', detail: 'Look at the camera to enter.' },
    'look-here': { headline: 'Look here', detail: 'Face the camera for a moment.' },
    checking: { headline: 'One moment', detail: 'Please keep looking at the camera.' },
    welcome: { headline: 'Welcome', detail: 'Please come in.' },
    refused: NOT_RECOGNISED,
    offline: {
      headline: 'The door works as usual',
      detail: 'Its network is away. Look at the camera to enter.',
    },
    fault: { headline: 'Out of service', detail: 'Please use another entrance, or ask for help.' },
    'locked-down': {
      headline: 'Entry is closed',
      detail: 'Nobody can enter now. Please follow the instructions of the staff.',
    },
    disconnected: {
      headline: 'Screen not connected',
      detail: 'The door may still know you: look at the camera. If it stays shut, ask for help.',
    },
  },
  welcomeByName: (name) => `Welcome, ${name}`,
  reasons: {
    'locked-down': { headline: 'Entry is closed', detail: 'Nobody can enter now.' },
    'attack-suspected': NOT_RECOGNISED,
    'stage-fault': CANNOT_CHECK,
    'stage-timeout': CANNOT_CHECK,
    'camera-fault': CANNOT_CHECK,
    'store-fault': CANNOT_CHECK,
    'clock-untrusted': CANNOT_CHECK,
    'frame-stale': AGAIN,
    'no-subject': { headline: 'Look here', detail: 'Please stand in front of the camera.' },
    'several-subjects': {
      headline: 'One at a time',
      detail: 'Please let one person stand in front.',
    },
    'quality-insufficient': AGAIN,
    'challenge-failed': {
      headline: 'That did not work',
      detail: 'Please step aside and try once more, or ask for help.',
    },
    'liveness-unproven': AGAIN,
    'evidence-insufficient': AGAIN,
    'gallery-empty': NOT_RECOGNISED,
    'calibration-missing': CANNOT_CHECK,
    'no-match': NOT_RECOGNISED,
    'ambiguous-match': NOT_RECOGNISED,
    'claim-contradicted': NOT_RECOGNISED,
    'roster-unconfirmed': NOT_NOW,
    'not-yet-valid': NOT_NOW,
    'no-longer-valid': NOT_NOW,
    'outside-hours': NOT_NOW,
  },
  advice: {
    'cut-off': { headline: 'Step to the middle', detail: 'Your whole face should be in the ring.' },
    'too-far': { headline: 'Come closer', detail: 'One step towards the camera.' },
    'too-close': {
      headline: 'Step back a little',
      detail: 'Your whole face should be in the ring.',
    },
    'too-dark': { headline: 'More light, please', detail: 'Turn your face towards the light.' },
    'too-bright': { headline: 'Less light, please', detail: 'Turn away from the bright light.' },
    'turned-away': { headline: 'Face the camera', detail: 'Look straight ahead.' },
    tilted: { headline: 'Head upright, please', detail: 'Look straight ahead.' },
    occluded: {
      headline: 'Show your whole face',
      detail: 'Please take off mask, scarf or sunglasses.',
    },
    blurred: { headline: 'Hold still', detail: 'Just for a moment.' },
    'challenge-blink': { headline: 'Please blink', detail: 'Close both eyes, then open them.' },
    'challenge-turn-left': {
      headline: 'Turn your head left',
      detail: 'Towards the arrow, then back.',
    },
    'challenge-turn-right': {
      headline: 'Turn your head right',
      detail: 'Towards the arrow, then back.',
    },
    'challenge-come-closer': { headline: 'Come closer', detail: 'Slowly, towards the camera.' },
  },
  door: {
    locked: 'Door locked',
    unlocked: 'Door unlocked',
    open: 'Door open',
    'held-open': 'Please close the door',
    forced: 'Door forced open',
    unknown: 'Door state unknown',
  },
  relay: { released: 'Relay off', energised: 'Relay on', unknown: 'Relay unknown' },
  waiver: (because) => `Demonstration: liveness check is waived: ${because}`,
  faultCodes: (codes) => `For the installer: ${codes}`,
  artTitle: ({ subject, style, manner }) =>
    `${subject ?? 'This place, now'}, ${manner === 'slow' ? 'being painted' : 'painted'} after ${style}`,
};
