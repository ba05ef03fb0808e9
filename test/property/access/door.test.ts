import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Door } from '../../../src/access/door.ts';
import { aDoorStand, type DoorStand, POLICY } from '../../helpers/door-stand.ts';

/** What may happen to a door in any order, faults of the relay included. */
const HAPPENINGS: Readonly<Record<string, (stand: DoorStand, door: Door) => void>> = {
  grant: (stand: DoorStand, door: Door) => void door.open(stand.grant()),
  'two grants': (stand: DoorStand, door: Door) => {
    void door.open(stand.grant());
    void door.open(stand.grant({ identityId: 'p-2' }));
  },
  press: (stand: DoorStand) => stand.inputs.press(),
  open: (stand: DoorStand) => stand.inputs.move('open'),
  shut: (stand: DoorStand) => stand.inputs.move('closed'),
  'lock down': (_: DoorStand, door: Door) => void door.lockDown(),
  lift: (_: DoorStand, door: Door) => door.liftLockDown(),
  'pulse hangs': (stand: DoorStand) => {
    stand.relay.pulseBehaviour = 'hangs';
  },
  'pulse fails': (stand: DoorStand) => {
    stand.relay.pulseBehaviour = 'rejects';
  },
  'state hangs': (stand: DoorStand) => {
    stand.relay.stateBehaviour = 'hangs';
  },
  'state fails': (stand: DoorStand) => {
    stand.relay.stateBehaviour = 'throws';
  },
  'all works': (stand: DoorStand) => {
    stand.relay.pulseBehaviour = 'works';
    stand.relay.stateBehaviour = 'works';
    stand.relay.wake();
  },
  'wall clock jumps': (stand: DoorStand) => stand.clock.stepWall(365 * 86_400_000),
};
const NAMES = Object.keys(HAPPENINGS);

const stories = fc.array(
  fc.record({
    happening: fc.constantFrom(...NAMES, 'grant', 'all works'),
    waitMs: fc.constantFrom(0, 10, 100, 700, 1_500),
  }),
  { minLength: 5, maxLength: 25 },
);

describe('door, whatever happens', () => {
  it('is never energised for longer than a pulse, nor while locked down, nor uninvited', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const stand = aDoorStand({ exitButton: 'pulse' });
        const door = await stand.start();
        let invitations = 0;
        let energisedSinceMs: number | undefined;
        const check = (): void => {
          const nowMs = stand.clock.now();
          energisedSinceMs = stand.relay.isEnergised ? (energisedSinceMs ?? nowMs) : undefined;
          const energisedMs = nowMs - (energisedSinceMs ?? nowMs);
          assert.ok(energisedMs <= POLICY.pulseMs + 10, `energised for ${energisedMs} ms`);
          assert.ok(stand.relay.pulses <= invitations, 'a pulse that nobody asked for');
          const isPassable = ['unlocked', 'unlocking'].includes(door.status().state);
          if (door.status().isLockedDown) assert.equal(isPassable, false);
        };
        for (const { happening, waitMs } of story) {
          if (['grant', 'two grants', 'press'].includes(happening)) invitations += 1;
          HAPPENINGS[happening]?.(stand, door);
          for (let waitedMs = 0; waitedMs < waitMs; waitedMs += 100) {
            await stand.clock.advance(Math.min(100, waitMs - waitedMs));
            check();
          }
          check();
        }
        void door.lockDown();
        HAPPENINGS['all works']?.(stand, door);
        await stand.clock.advance(200);
        assert.equal(stand.relay.isEnergised, false, 'energised though locked down');
        await door.close();
        assert.equal(stand.relay.isEnergised, false);
        assert.equal(stand.log.records.length, 0);
      }),
      { numRuns: 60 },
    );
  });
});
