import type {
  ContactState,
  DoorInputListener,
  DoorInputs,
} from '../../src/domain/ports/door-inputs.ts';

/** A door that opens, closes and rings as a test or the demo tells it. */
export class SimulatedInputs implements DoorInputs {
  readonly description = 'simulated door inputs';
  #contact: ContactState = 'closed';
  #isFaulty = false;
  #listener: DoorInputListener | undefined;

  async open(listener: DoorInputListener): Promise<void> {
    this.#listener = listener;
    listener.onContact(this.contact());
  }

  contact(): ContactState {
    return this.#listener === undefined || this.#isFaulty ? 'absent' : this.#contact;
  }

  openDoor(): void {
    this.#move('open');
  }

  closeDoor(): void {
    this.#move('closed');
  }

  pressExit(): void {
    if (!this.#isFaulty) this.#listener?.onExitButton();
  }

  /** The wires fail: the contact counts as absent until `heal`. */
  fail(detail: string): void {
    if (this.#isFaulty) return;
    this.#isFaulty = true;
    this.#listener?.onFault(detail);
    this.#listener?.onContact('absent');
  }

  heal(): void {
    if (!this.#isFaulty) return;
    this.#isFaulty = false;
    this.#listener?.onContact(this.#contact);
  }

  async close(): Promise<void> {
    this.#listener = undefined;
  }

  #move(state: ContactState): void {
    if (state === this.#contact) return;
    this.#contact = state;
    if (!this.#isFaulty) this.#listener?.onContact(state);
  }
}
