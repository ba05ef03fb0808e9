import type {
  ContactState,
  DoorInputListener,
  DoorInputs,
} from '../../src/domain/ports/door-inputs.ts';

/** A door without sensors. */
export class AbsentInputs implements DoorInputs {
  readonly description = 'no door inputs';

  async open(listener: DoorInputListener): Promise<void> {
    listener.onContact('absent');
  }

  contact(): ContactState {
    return 'absent';
  }

  async close(): Promise<void> {}
}
