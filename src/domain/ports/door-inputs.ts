/** Sensors at the door. `absent`: no such sensor is wired. */
export type ContactState = 'open' | 'closed' | 'absent';

export interface DoorInputListener {
  onContact(state: ContactState): void;
  /** The exit button was pressed (edge, debounced by the driver). */
  onExitButton(): void;
  /** The line stopped reporting; the contact counts as absent until it recovers. */
  onFault(detail: string): void;
}

/** Contract: `open` reports the contact once before it resolves; after `close` the listener is silent. */
export interface DoorInputs {
  readonly description: string;
  open(listener: DoorInputListener): Promise<void>;
  contact(): ContactState;
  close(): Promise<void>;
}
