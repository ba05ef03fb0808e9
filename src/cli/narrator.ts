import { DENY_REASON_TEXT } from '../domain/deny-reasons.ts';
import type { GateEvent, NumberedEvent } from '../domain/events.ts';
import type { Observation } from '../domain/observation.ts';
import type { Attendance } from '../runtime/attendant.ts';
import type { GateWatcher } from '../runtime/gate-watcher.ts';
import type { Terminal } from './terminal.ts';

/** Tells on the terminal what the gate decides, with reasons and latencies. */
export class Narrator implements GateWatcher {
  readonly #terminal: Terminal;
  #timings: Observation['timings'] = {};

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  onAttendance(_attendance: Attendance, observation: Observation | undefined): void {
    if (observation?.subject !== undefined) this.#timings = observation.timings;
  }

  onEvent({ number, event }: NumberedEvent): void {
    const line = this.#tell(event);
    if (line !== undefined)
      this.#terminal.say(`${this.#terminal.style('dim', `#${number}`)} ${line}`);
  }

  #tell(event: GateEvent): string {
    const style = this.#terminal.style.bind(this.#terminal);
    switch (event.type) {
      case 'access.granted':
        return (
          `${style('green', '✔ granted')} ${event.identityId}  ` +
          `similarity ${event.similarity.toFixed(3)} ≥ ${event.threshold.toFixed(3)}  ` +
          `frame → relay ${event.frameToRelayMs.toFixed(0)} ms  ${this.#stages()}` +
          (event.livenessWaiver === undefined
            ? ''
            : `\n   ${style('yellow', `liveness waived: ${event.livenessWaiver}`)}`)
        );
      case 'access.denied':
        return (
          `${style('red', '✖ denied')} ` +
          event.reasons.map((reason) => `${reason} (${DENY_REASON_TEXT[reason]})`).join(', ') +
          (event.similarity === undefined || event.threshold === undefined
            ? ''
            : `  similarity ${event.similarity.toFixed(3)} ` +
              `${event.similarity < event.threshold ? '<' : '≥'} ${event.threshold.toFixed(3)}`) +
          `  ${this.#stages()}`
        );
      case 'fault.raised':
        return `${style('red', '! fault')} ${event.code}: ${event.detail}`;
      case 'fault.cleared':
        return `${style('green', '· healed')} ${event.code}`;
      case 'gate.started':
        return (
          `gate started, version ${event.version}, inference on ${event.provider}` +
          (event.livenessWaiver === undefined
            ? ''
            : `\n   ${style('yellow', `liveness waived: ${event.livenessWaiver}`)}`)
        );
      case 'gate.stopped':
        return 'gate stopped';
      case 'picture.taken':
        return `a sealed picture of #${event.of} waits for an auditor`;
      case 'door.opened-remotely':
        return style('yellow', `${event.type} by ${event.by}`);
      case 'order.refused':
        return style('yellow', `${event.type} (${event.because}), by ${event.by}`);
      case 'door.opened-from-inside':
      case 'door.held-open':
      case 'door.forced':
      case 'door.closed':
      case 'door.not-relocked':
      case 'door.locked-down':
      case 'door.lock-down-released':
      case 'tailgating.suspected':
        return style('yellow', event.type);
      case 'models.changed':
        return style('yellow', `models ${event.change}`);
      case 'roster.changed':
        return `${event.change} ${event.identityId}`;
    }
  }

  #stages(): string {
    const parts = Object.entries(this.#timings).map(([stage, ms]) => `${stage} ${ms.toFixed(1)}`);
    return parts.length === 0 ? '' : this.#terminal.style('dim', `[ms: ${parts.join(', ')}]`);
  }
}
