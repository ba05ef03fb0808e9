import { Door } from '../../src/access/door.ts';
import { type DoorPolicy, defaultDoorPolicy } from '../../src/access/door-policy.ts';
import type { DoorState, DoorStatus } from '../../src/access/door-status.ts';
import type { Grant } from '../../src/domain/decision.ts';
import type { GateEvent } from '../../src/domain/events.ts';
import { similarity } from '../../src/domain/units.ts';
import { FakeClock } from './fake-clock.ts';
import { RecordingLogger } from './recording-logger.ts';
import { ScriptedInputs } from './scripted-inputs.ts';
import { ScriptedRelay } from './scripted-relay.ts';

/** Round numbers: a pulse of 3 s, its end confirmed within 1 s, calls of 500 ms at most. */
export const POLICY: DoorPolicy = {
  ...defaultDoorPolicy,
  pulseMs: 3_000,
  duty: { minIntervalMs: 1_000, windowMs: 60_000, maxEnergisedMs: 30_000 },
  relayDeadlineMs: 500,
  relockWithinMs: 1_000,
  recoverEveryMs: 5_000,
  passageGraceMs: 1_000,
  heldOpenAfterMs: 20_000,
  exitMaskMs: 5_000,
};

/** A door on a bench: everything round it is scripted, everything it says is kept. */
export interface DoorStand {
  readonly clock: FakeClock;
  readonly relay: ScriptedRelay;
  readonly inputs: ScriptedInputs;
  readonly log: RecordingLogger;
  readonly events: GateEvent[];
  readonly statuses: DoorStatus[];
  readonly policy: DoorPolicy;
  isListenerBroken: boolean;
  start(isLockedDown?: boolean): Promise<Door>;
  /** Starts while time passes, for a relay that makes the start wait. */
  startSlowly(): Promise<Door>;
  types(): readonly string[];
  states(): readonly DoorState[];
  grant(changes?: Partial<Grant>): Grant;
}

export function aDoorStand(
  changes: Partial<DoorPolicy> = {},
  inputs: ScriptedInputs = new ScriptedInputs(),
): DoorStand {
  const clock = new FakeClock();
  const relay = new ScriptedRelay(clock);
  const log = new RecordingLogger();
  const events: GateEvent[] = [];
  const statuses: DoorStatus[] = [];
  const policy = { ...POLICY, ...changes };
  const stand: DoorStand = {
    clock,
    relay,
    inputs,
    log,
    events,
    statuses,
    policy,
    isListenerBroken: false,
    start: (isLockedDown = false) =>
      Door.start({
        relay,
        inputs,
        clock,
        policy,
        log,
        isLockedDown,
        listener: {
          onEvent: (event) => {
            events.push(event);
            if (stand.isListenerBroken) throw new Error('the outbox is full');
          },
          onStatus: (status) => {
            statuses.push(status);
          },
        },
      }),
    startSlowly: async () => {
      const starting = stand.start();
      await clock.advance(10_000);
      return await starting;
    },
    types: () => events.map((event) => event.type),
    states: () => statuses.map((status) => status.state),
    grant: (grantChanges = {}) => ({
      outcome: 'grant',
      identityId: 'p-1',
      similarity: similarity(0.7),
      threshold: similarity(0.4),
      modelId: 'face-512',
      capturedAtMs: clock.now(),
      ...grantChanges,
    }),
  };
  return stand;
}
