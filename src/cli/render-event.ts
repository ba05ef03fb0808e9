import type { ReportedEvent } from '../office/read-event.ts';
import type { Terminal } from './terminal.ts';

/** One event as one line for people. */
export function renderEvent(event: ReportedEvent, terminal: Terminal): string {
  const { gateId, number, atMs, type, fields } = event;
  const time = new Date(atMs).toISOString().replace('T', ' ').slice(0, 19);
  const words =
    type === 'picture.taken'
      ? pictureWords(event)
      : Object.entries(fields).map(([name, value]) => `${name} ${text(value)}`);
  const head = `${terminal.style('dim', time)}  ${gateId}  #${number}  `;
  return `${head}${coloured(type, terminal)}${words.length === 0 ? '' : `  ${words.join(', ')}`}`;
}

/** Its digest is for programs; how it is looked at is for people. */
function pictureWords({ gateId, fields }: ReportedEvent): readonly string[] {
  const { of, expiresAtMs } = fields;
  const until = new Date(Number(expiresAtMs)).toISOString().replace('T', ' ').slice(0, 16);
  const number = String(of);
  return [
    `of #${number} until ${until}`,
    `look with: portico events --picture ${number} --gate ${gateId} --out face.jpg`,
  ];
}

function text(value: ReportedEvent['fields'][string]): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(3);
  return Array.isArray(value) ? value.map(String).join(' + ') : String(value);
}

function coloured(type: string, terminal: Terminal): string {
  if (type === 'access.granted') return terminal.style('green', type);
  if (/^(access\.denied|fault\.raised|door\.forced|door\.not-relocked)$/.test(type)) {
    return terminal.style('red', type);
  }
  return terminal.style('bold', type);
}
