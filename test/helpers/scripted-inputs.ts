import type {
  ContactState,
  DoorInputListener,
  DoorInputs,
} from '../../src/domain/ports/door-inputs.ts';

/** Door inputs whose events the test brings about. */
export class ScriptedInputs implements DoorInputs {
  readonly description = 'scripted inputs';
  isClosed = false;
  failure: Error | undefined;
  #contact: ContactState;
  #listener: DoorInputListener | undefined;

  constructor(contact: ContactState = 'closed') {
    this.#contact = contact;
  }

  async open(listener: DoorInputListener): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.#listener = listener;
    listener.onContact(this.#contact);
  }

  contact(): ContactState {
    return this.#contact;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.failure !== undefined) throw this.failure;
  }

  move(contact: ContactState): void {
    this.#contact = contact;
    this.#listener?.onContact(contact);
  }

  press(): void {
    this.#listener?.onExitButton();
  }

  fail(detail: string): void {
    this.#listener?.onFault(detail);
  }
}
