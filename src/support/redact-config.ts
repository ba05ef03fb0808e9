import { REDACTED } from './struck-words.ts';

/**
 * Texts of the configuration that are words of ours, by their path; a star stands for any place of a list.
 * Whatever is not in this list, and neither a time nor a folder of the system, stays on the machine: a key
 * that is added later is private until somebody has thought about it.
 */
const OPEN_TEXTS = new Set([
  'gate.id',
  'gate.timeZone',
  'policy.liveness.challenge',
  'policy.fuseEncoders',
  'policy.untrustedClock',
  'models.encoders.*',
  'inference.providers.*',
  'inference.minimumProvider',
  'kiosk.host',
  'kiosk.language',
  'art.content',
  'art.manner',
  'health.host',
  'logLevel',
]);
/** Their texts name a device, or an address with a password in it. */
const DEVICES = new Set(['camera.source', 'door.relay', 'door.inputs']);
const OPEN_DEVICE = /^(v4l2|csi|libcamera|test|simulated|none|gpio|modbus|lcus):[\w./?=&:-]*$/;
/** Their keys are made up by whoever runs the site. */
const OWN_KEYS = new Set(['policy.schedules', 'policy.holidays']);
const TIME_OF_DAY = /^\d{2}:\d{2}$/;
const SYSTEM_PATH = /^\/(var\/(lib|cache)|etc|opt|run|dev)\/[\w./-]+$/;

/** The configuration with numbers, switches and words of ours; everything else is replaced. */
export function redactConfig(value: unknown, path = ''): unknown {
  if (typeof value === 'string') return redactText(value, path);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((child) => redactConfig(child, `${path}.*`));
  if (typeof value !== 'object' || value === null) return undefined;
  const hasOwnKeys = OWN_KEYS.has(path);
  return Object.fromEntries(
    Object.entries(value).map(([key, child], index) => {
      const shown = hasOwnKeys ? `#${index + 1}` : key;
      return [shown, redactConfig(child, path === '' ? key : `${path}.${shown}`)];
    }),
  );
}

function redactText(text: string, path: string): string {
  if (OPEN_TEXTS.has(path) || TIME_OF_DAY.test(text) || SYSTEM_PATH.test(text)) return text;
  if (!DEVICES.has(path)) return REDACTED;
  return OPEN_DEVICE.test(text) ? text : `${text.split(':', 1)[0] ?? ''}:${REDACTED}`;
}
