import type { GateCard } from '../office/gate-board.ts';
import type { Terminal } from './terminal.ts';

const HEADER = [
  'gate',
  'link',
  'door',
  'camera',
  'roster',
  'people',
  'events',
  'provider',
  'version',
  'seen',
  'faults',
] as const;

/** The table of `portico gates`. @param nowMs  of this computer; the gates' clocks may differ */
export function renderGates(cards: readonly GateCard[], nowMs: number, terminal: Terminal): string {
  if (cards.length === 0) return 'no gate belongs to the site: portico gate provision <id>';
  const online = cards.filter(({ availability }) => availability === 'online').length;
  const faulty = cards.filter(({ state }) => (state?.gate.faults.length ?? 0) > 0).length;
  const summary = `${online} of ${cards.length} online${faulty === 0 ? '' : `, ${faulty} with faults`}`;
  const style = online === cards.length && faulty === 0 ? 'green' : 'yellow';
  const rows = cards.map((card) => rowOf(card, nowMs));
  return `${terminal.style(style, summary)}\n\n${terminal.table(HEADER, rows)}`;
}

function rowOf({ gateId, availability, state, lastSeenMs }: GateCard, nowMs: number): string[] {
  const link = availability === 'unknown' ? 'never seen' : availability;
  if (state === undefined) return [gateId, link];
  const { gate, roster, events } = state;
  const waiting = events.last - events.acknowledged;
  return [
    gateId,
    link,
    `${gate.door}${gate.isLockedDown && gate.door !== 'locked-down' ? ', locked down' : ''}`,
    gate.camera,
    `${roster.standing}, epoch ${roster.epoch}`,
    `${roster.count}${roster.ignoredTemplates > 0 ? ` (${roster.ignoredTemplates} unusable)` : ''}`,
    waiting === 0 ? String(events.last) : `${events.last} (${waiting} wait)`,
    gate.provider,
    gate.version,
    lastSeenMs === undefined ? '' : ago(nowMs - lastSeenMs),
    gate.faults.join(', '),
  ];
}

function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`;
}
