import type { ArtControl } from '../domain/art.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { ModelSetFile } from '../inference/model-sets.ts';
import type { CommandResult } from '../messaging/documents/command-document.ts';
import type { CommandHandler, OrderOrigin, SiteOrder } from '../messaging/gate/gate-ports.ts';
import type { Entry } from './door-keeper.ts';
import type { Gate } from './gate.ts';
import type { SiteEnrolment } from './site-enrolment.ts';

/** What the process around the gate does for it. */
export interface GateService {
  /** Reads the configuration anew; what cannot be taken over while it runs waits for a restart. */
  reload(): { readonly outcome: 'done' } | { readonly outcome: 'refused'; readonly detail: string };
  /** Has other models tried; whether they prove themselves is told by an event. */
  adoptModels(
    files: readonly ModelSetFile[],
    by: string,
  ): { readonly outcome: 'done' } | { readonly outcome: 'refused'; readonly detail: string };
  /** Ends the process in good order; its supervisor starts it again. */
  restart(): void;
}

export interface SiteOrdersParts {
  readonly gate: Pick<Gate, 'openByOrder' | 'lockDown' | 'liftLockDown'>;
  readonly clock: Clock;
  /** Absent: the wall has no art, or no page. */
  readonly art: ArtControl | undefined;
  readonly enrolment: Pick<SiteEnrolment, 'capture' | 'encodePhoto'>;
  /** Absent: nobody would start this process again. */
  readonly service: GateService | undefined;
}

type Refusal = Extract<Entry, { readonly outcome: 'refused' }>['because'];

const DONE: CommandResult = { outcome: 'done' };
/** The answer is to reach the broker first. */
const RESTART_AFTER_MS = 1_000;
const TEXT_MAX = 500;

/** Obeys the orders of the site. Each reaches it once, in time, from somebody entitled to give it. */
export class SiteOrders implements CommandHandler {
  readonly #parts: SiteOrdersParts;

  constructor(parts: SiteOrdersParts) {
    this.#parts = parts;
  }

  async handle(order: SiteOrder, origin: OrderOrigin): Promise<CommandResult> {
    const { gate, enrolment } = this.#parts;
    switch (order.name) {
      case 'pulse':
        return await this.#pulse(origin.kid, order.durationMs);
      case 'lock-down':
        await gate.lockDown();
        return DONE;
      case 'release':
        gate.liftLockDown();
        return DONE;
      case 'reload':
        return this.#reload();
      case 'restart':
        return this.#restart();
      case 'models':
        return this.#models(order.files, origin.kid);
      case 'art':
        return this.#art(order);
      case 'capture-enrolment':
        return await enrolment.capture(order.timeoutMs);
      case 'encode-photo':
        return await enrolment.encodePhoto(order.photo);
      default:
        return assertNever(order);
    }
  }

  async #pulse(by: string, pulseMs: number | undefined): Promise<CommandResult> {
    const entry = await this.#parts.gate.openByOrder({
      kind: 'operator-order',
      by,
      receivedAtMs: this.#parts.clock.now(),
      ...(pulseMs === undefined ? {} : { pulseMs }),
    });
    return entry.outcome === 'opened' ? DONE : refusal(entry.because, DOOR_TEXT[entry.because]);
  }

  #art({ name: _name, ...changes }: Extract<SiteOrder, { name: 'art' }>): CommandResult {
    const { art } = this.#parts;
    if (art === undefined) return refusal('not-supported', 'This gate shows no art.');
    art.change(changes);
    return DONE;
  }

  #reload(): CommandResult {
    const { service } = this.#parts;
    if (service === undefined) return NO_SERVICE;
    const reloaded = service.reload();
    return reloaded.outcome === 'done' ? DONE : refusal('configuration-invalid', reloaded.detail);
  }

  #models(files: readonly ModelSetFile[], by: string): CommandResult {
    const { service } = this.#parts;
    if (service === undefined) return NO_SERVICE;
    const adopted = service.adoptModels(files, by);
    return adopted.outcome === 'done' ? DONE : refusal('models-refused', adopted.detail);
  }

  #restart(): CommandResult {
    const { service, clock } = this.#parts;
    if (service === undefined) return NO_SERVICE;
    clock.after(RESTART_AFTER_MS, () => service.restart());
    return DONE;
  }
}

const refusal = (reason: string, text: string): CommandResult => ({
  outcome: 'refused',
  reason,
  text: text.slice(0, TEXT_MAX),
});

const NO_SERVICE = refusal('not-supported', 'This gate does not run as a service.');

const DOOR_TEXT: Readonly<Record<Refusal, string>> = {
  'closed-down': 'The gate is being stopped.',
  'locked-down': 'The gate is locked down; release it first.',
  'grant-malformed': 'The door did not understand the order.',
  'grant-stale': 'The order reached the door too late.',
  'order-malformed': 'The door cannot be opened for that long.',
  'order-stale': 'The order reached the door too late.',
  'already-open': 'The door is open already.',
  'too-soon': 'The door was opened a moment ago; its strike needs a pause.',
  'duty-exceeded': 'The strike was energised too long of late; let it cool down.',
  'relay-fault': 'The relay does not answer as it should; see the faults of the gate.',
  'store-fault': 'The gate cannot record who opens, and so opens for nobody.',
};
