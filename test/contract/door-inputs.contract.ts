import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContactState, DoorInputs } from '../../src/domain/ports/door-inputs.ts';
import { waitUntil } from './relay.contract.ts';

/** Door inputs with a hand on the real door. */
export interface DoorRig {
  readonly inputs: DoorInputs;
  openDoor(): void;
  closeDoor(): void;
  pressButton(): void;
  releaseButton(): void;
  breakWires(): void;
  mendWires(): void;
  dispose(): void;
}

export interface DoorRigKind {
  readonly name: string;
  /** Why it cannot run here. */
  readonly skip: string | undefined;
  /** A closed door, nobody at the button. */
  make(): Promise<DoorRig>;
}

/** Longer than any driver debounces. */
const SETTLED_MS = 150;
const PATIENCE_MS = 8_000;

class Heard {
  readonly contacts: ContactState[] = [];
  readonly faults: string[] = [];
  presses = 0;

  onContact(state: ContactState): void {
    this.contacts.push(state);
  }
  onExitButton(): void {
    this.presses += 1;
  }
  onFault(detail: string): void {
    this.faults.push(detail);
  }
}

/** What every driver of door inputs promises; see the port. */
export function doorInputsContract(kind: DoorRigKind): void {
  const withRig = (test: (rig: DoorRig, heard: Heard) => Promise<void>) => async () => {
    const rig = await kind.make();
    try {
      await test(rig, new Heard());
    } finally {
      await rig.inputs.close();
      rig.dispose();
    }
  };

  describe(`door inputs contract: ${kind.name}`, { skip: kind.skip ?? false }, () => {
    it(
      'knows nothing before it is open, and reports the contact once as it opens',
      withRig(async ({ inputs }, heard) => {
        assert.equal(inputs.contact(), 'absent');
        await inputs.open(heard);
        assert.deepEqual(heard.contacts, ['closed']);
        assert.equal(inputs.contact(), 'closed');
        assert.equal(heard.presses, 0);
      }),
    );

    it(
      'reports a door that stands open from the start',
      withRig(async ({ inputs, openDoor }, heard) => {
        openDoor();
        await inputs.open(heard);
        assert.deepEqual(heard.contacts, ['open']);
      }),
    );

    it(
      'reports the door opening and closing, each once',
      withRig(async ({ inputs, openDoor, closeDoor }, heard) => {
        await inputs.open(heard);
        openDoor();
        await waitUntil(() => heard.contacts.length === 2, PATIENCE_MS);
        assert.equal(inputs.contact(), 'open');
        closeDoor();
        await waitUntil(() => heard.contacts.length === 3, PATIENCE_MS);
        await sleep(SETTLED_MS);
        assert.deepEqual(heard.contacts, ['closed', 'open', 'closed']);
        assert.equal(heard.presses, 0);
      }),
    );

    it(
      'reports a press once, however long the button is held, and says nothing on its release',
      withRig(async ({ inputs, pressButton, releaseButton }, heard) => {
        await inputs.open(heard);
        pressButton();
        await waitUntil(() => heard.presses === 1, PATIENCE_MS);
        await sleep(SETTLED_MS);
        releaseButton();
        await sleep(SETTLED_MS);
        assert.equal(heard.presses, 1);
        pressButton();
        await waitUntil(() => heard.presses === 2, PATIENCE_MS);
      }),
    );

    it(
      'counts the contact as absent while the wires fail, and reports it when they are mended',
      withRig(async ({ inputs, openDoor, breakWires, mendWires }, heard) => {
        await inputs.open(heard);
        breakWires();
        await waitUntil(() => heard.faults.length > 0, PATIENCE_MS);
        await waitUntil(() => inputs.contact() === 'absent', PATIENCE_MS);
        openDoor();
        await sleep(4 * SETTLED_MS); // long enough for vain attempts to recover
        assert.equal(heard.faults.length, 1, 'a fault is told once');
        mendWires();
        await waitUntil(() => inputs.contact() === 'open', PATIENCE_MS);
        assert.deepEqual(heard.contacts, ['closed', 'absent', 'open']);
      }),
    );

    it(
      'is silent after close, and close may be repeated',
      withRig(async ({ inputs, openDoor, pressButton }, heard) => {
        await inputs.open(heard);
        await inputs.close();
        await inputs.close();
        const before = heard.contacts.length;
        openDoor();
        pressButton();
        await sleep(SETTLED_MS);
        assert.equal(heard.contacts.length, before);
        assert.equal(heard.presses, 0);
        assert.deepEqual(heard.faults, []);
        assert.equal(inputs.contact(), 'absent');
      }),
    );
  });
}
