import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { DenyReason } from '../../../src/domain/deny-reasons.ts';
import type { KioskMode } from '../../../src/kiosk/kiosk-state.ts';
import type { Attendant } from '../../../src/runtime/attendant.ts';
import { aStoreFault, FACES, GateStand } from '../../helpers/gate-stand.ts';
import { aFrameOf, aProbe, aSubject } from '../../helpers/observation-builders.ts';
import { aCameraFault } from '../../helpers/scripted-camera.ts';

const YEAR_MS = 365 * 86_400_000;

interface FaultCase {
  readonly name: string;
  /** Before the gate starts. */
  readonly prepare?: (stand: GateStand) => void;
  /** The visit, with the fault in it; by default the resident simply comes. */
  readonly visit?: (stand: GateStand) => Promise<void>;
  /** A fault event of this code must have been stored. */
  readonly raises?: string;
  /** What the last state of the page must say. */
  readonly mode: KioskMode;
  readonly reason?: DenyReason;
}

const comes = (stand: GateStand): Promise<void> => stand.visit('resident');

/** Two good frames, then the fault, then more good frames: one short of enough before the fault. */
const interruptedBy =
  (fault: (stand: GateStand) => void) =>
  async (stand: GateStand): Promise<void> => {
    await stand.visit('resident', 2);
    fault(stand);
    await comes(stand);
  };

const fillDisk = ({ failing }: GateStand): void => {
  failing.set('append', aStoreFault('WRITE')).set('setSetting', aStoreFault('WRITE'));
};

const storeFailsOn =
  (method: 'snapshot' | 'hasChangedSince', error: unknown) =>
  async (stand: GateStand): Promise<void> => {
    stand.failing.set(method, error);
    if (method === 'snapshot') stand.failing.set('hasChangedSince', error);
    await stand.clock.advance(300);
    await comes(stand);
  };

/** One row per way of failing: with everything else as for the resident, who is let in otherwise. */
const CASES: readonly FaultCase[] = [
  {
    name: 'the camera fails before the match',
    visit: interruptedBy((stand) => stand.camera.fail()),
    raises: 'PORTICO_CAMERA_STALLED',
    mode: 'fault',
    reason: 'camera-fault',
  },
  {
    name: 'the camera repeats one picture',
    visit: interruptedBy((stand) => stand.camera.fail('PORTICO_CAMERA_FROZEN')),
    raises: 'PORTICO_CAMERA_FROZEN',
    mode: 'fault',
    reason: 'camera-fault',
  },
  {
    name: 'the camera cannot be opened',
    prepare: (stand) => {
      stand.camera.openFailure = aCameraFault('PORTICO_CAMERA_UNAVAILABLE');
    },
    raises: 'PORTICO_CAMERA_UNAVAILABLE',
    mode: 'fault',
    reason: 'camera-fault',
  },
  {
    name: 'a stage of vision throws and every frame is lost',
    visit: async (stand) => {
      await stand.visit('resident', 2);
      stand.failVision('stage-fault');
      await stand.clock.advance(2_000);
    },
    raises: 'PORTICO_VISION_FAILED',
    mode: 'fault',
    reason: 'stage-fault',
  },
  {
    name: 'a stage of vision is too slow',
    visit: async (stand) => {
      await stand.visit('resident', 2);
      stand.failVision('stage-timeout');
      await stand.clock.advance(2_000);
    },
    raises: 'PORTICO_VISION_FAILED',
    mode: 'fault',
    reason: 'stage-timeout',
  },
  {
    name: 'the frames are old when they are understood',
    visit: async (stand) => {
      for (let frame = 0; frame < 6; frame += 1) {
        const subject = aSubject({ probes: [aProbe(FACES.resident)] });
        stand.observe(aFrameOf(stand.clock.now() - 1_100, subject));
        await stand.clock.advance(100);
      }
    },
    mode: 'fault',
    reason: 'frame-stale',
  },
  {
    name: 'the store cannot be read',
    visit: storeFailsOn('snapshot', aStoreFault('LOCKED')),
    raises: 'PORTICO_STORE_LOCKED',
    mode: 'fault',
    reason: 'store-fault',
  },
  {
    name: 'the store is found damaged',
    visit: storeFailsOn('hasChangedSince', aStoreFault('CORRUPT')),
    raises: 'PORTICO_STORE_CORRUPT',
    mode: 'fault',
    reason: 'store-fault',
  },
  {
    name: 'the store was found damaged and reads well again',
    visit: async (stand) => {
      stand.failing.set('hasChangedSince', aStoreFault('CORRUPT'));
      await stand.clock.advance(300);
      stand.failing.clear();
      await stand.clock.advance(1_000);
      await comes(stand);
    },
    raises: 'PORTICO_STORE_CORRUPT',
    mode: 'fault',
    reason: 'store-fault',
  },
  {
    name: 'the key of the store was changed by somebody',
    visit: storeFailsOn('hasChangedSince', aStoreFault('KEY')),
    raises: 'PORTICO_STORE_KEY',
    mode: 'fault',
    reason: 'store-fault',
  },
  {
    name: 'the store throws what nobody foresaw',
    visit: storeFailsOn('hasChangedSince', new TypeError('not a database')),
    raises: 'PORTICO_INVARIANT_BROKEN',
    mode: 'fault',
    reason: 'store-fault',
  },
  {
    name: 'the disk is full when an event is to be stored',
    prepare: (stand) => stand.failing.set('append', aStoreFault('WRITE')),
    mode: 'fault',
    reason: 'store-fault',
  },
  {
    name: 'the disk fills up without a sign before the grant',
    visit: async (stand) => {
      await stand.visit('resident', 2);
      fillDisk(stand);
      await comes(stand);
    },
    mode: 'fault',
    reason: 'store-fault',
  },
  {
    name: 'the clock jumps back by a year',
    visit: interruptedBy((stand) => stand.clock.stepWall(-YEAR_MS)),
    raises: 'PORTICO_CLOCK_UNTRUSTED',
    mode: 'fault',
    reason: 'clock-untrusted',
  },
  {
    name: 'the clock jumps forward by a year',
    visit: interruptedBy((stand) => stand.clock.stepWall(YEAR_MS)),
    raises: 'PORTICO_CLOCK_UNTRUSTED',
    mode: 'fault',
    reason: 'clock-untrusted',
  },
  {
    name: 'the gate is locked down',
    visit: interruptedBy((stand) => void stand.gate?.lockDown()),
    mode: 'locked-down',
    reason: 'locked-down',
  },
  {
    name: 'the gate was locked down before it was started',
    prepare: (stand) => stand.store.setSetting('lock-down', 'in-force'),
    mode: 'locked-down',
    reason: 'locked-down',
  },
  {
    name: 'the relay does not follow',
    visit: interruptedBy((stand) => {
      stand.relay.pulseBehaviour = 'rejects';
    }),
    raises: 'PORTICO_RELAY_WRITE',
    mode: 'fault',
  },
  {
    name: 'another person takes the place of the first under the number of the track',
    visit: async (stand) => {
      await stand.visit('resident', 2);
      await stand.visit('stranger', 6);
    },
    mode: 'checking',
  },
  {
    name: 'a second person stands beside the first',
    visit: async (stand) => {
      for (let frame = 0; frame < 6; frame += 1) {
        const subject = aSubject({ probes: [aProbe(FACES.resident)] });
        const both = { faceCount: 2, hasRival: true };
        stand.observe(aFrameOf(stand.clock.now(), subject, both));
        await stand.clock.advance(100);
      }
    },
    mode: 'refused',
    reason: 'several-subjects',
  },
  {
    name: 'the probes are not numbers',
    visit: (stand) =>
      stand.visit('resident', 6, { probes: [aProbe(new Float32Array(64).fill(Number.NaN))] }),
    mode: 'checking',
  },
  {
    name: 'the probes are of another size',
    visit: (stand) => stand.visit('resident', 6, { probes: [aProbe(Float32Array.of(1, 0))] }),
    mode: 'checking',
  },
  {
    name: 'liveness was not assessed',
    visit: (stand) => stand.visit('resident', 6, { liveness: { outcome: 'not-assessed' } }),
    mode: 'checking',
  },
  {
    name: 'the liveness is not a number',
    visit: (stand) =>
      stand.visit('resident', 6, {
        liveness: { outcome: 'bona-fide', logLikelihoodRatio: Number.NaN },
      }),
    mode: 'checking',
  },
];

/** The door tells of its own faults by its state. */
const isOfDoor = (code: string): boolean => code.startsWith('PORTICO_RELAY');

describe('gate with a fault', () => {
  let stand: GateStand | undefined;
  afterEach(() => stand?.close());

  it('opens for the resident when there is none', async () => {
    stand = new GateStand();
    await stand.start();
    await comes(stand);
    assert.equal(stand.relay.pulses, 1);
    assert.ok(stand.types().includes('access.granted'));
    assert.equal(stand.page?.mode, 'welcome');
    assert.equal(stand.page.relay, 'energised');
  });

  for (const { name, prepare, visit = comes, raises, mode, reason } of CASES) {
    it(`stays shut when ${name}`, async () => {
      stand = new GateStand();
      prepare?.(stand);
      await stand.start();
      await visit(stand);
      assert.equal(stand.relay.pulses, 0, 'the relay was energised');
      assert.ok(!stand.types().includes('access.granted'));
      if (raises !== undefined) {
        const codes = stand.faultsRaised().filter((code) => code === raises);
        assert.deepEqual(codes, [raises], 'the fault is reported once');
        assert.ok(
          stand.page?.faults.some((code) => code === raises) === true || isOfDoor(raises),
          'the page names the fault',
        );
      }
      assert.equal(stand.page?.mode, mode);
      if (reason !== undefined) assert.equal(stand.page.reasons[0], reason);
    });
  }

  it('stays shut when a model is missing, and lets go of everything', async () => {
    stand = new GateStand();
    stand.isVisionUnavailable = true;
    await assert.rejects(stand.start(), { code: 'PORTICO_MODEL_MISSING' });
    assert.equal(stand.relay.pulses, 0);
    assert.equal(stand.relay.calls.at(-1), 'close');
    assert.equal(stand.camera.isClosed, true);
  });

  it('starts without its models, says so, lets nobody in, and sees as soon as they are there', async () => {
    stand = new GateStand();
    stand.isVisionUnavailable = true;
    let mended = 0;
    const mendVision = (): Promise<void> => {
      mended += 1;
      return Promise.resolve();
    };
    await stand.start({ mendVision });
    await stand.visit('resident', 20);
    assert.deepEqual(stand.page?.faults, ['PORTICO_MODEL_MISSING']);
    assert.equal(stand.page.mode, 'fault');
    assert.equal(stand.relay.pulses, 0);
    assert.deepEqual(stand.faultsRaised(), ['PORTICO_MODEL_MISSING']);
    assert.equal(mended, 0);
    await stand.clock.advance(30_000);
    assert.equal(mended, 2, 'after 10 s, and after 20 s more');
    stand.isVisionUnavailable = false;
    await stand.clock.advance(40_000);
    await comes(stand);
    assert.equal(stand.relay.pulses, 1);
    assert.deepEqual(stand.page?.faults, []);
    assert.equal(stand.types().filter((type) => type === 'fault.cleared').length, 1);
  });

  it('does not look for its models any more once it is closed', async () => {
    stand = new GateStand();
    stand.isVisionUnavailable = true;
    let attempts = 0;
    const gate = await stand.start({
      mendVision: () => {
        attempts += 1;
        return Promise.resolve();
      },
    });
    await gate.close();
    await stand.clock.advance(600_000);
    assert.equal(attempts, 0);
  });

  it('stays shut once it is closed', async () => {
    stand = new GateStand();
    const gate = await stand.start();
    await stand.visit('resident', 2);
    const { vision } = stand;
    await gate.close();
    const subject = aSubject({ probes: [aProbe(FACES.resident)] });
    for (let frame = 0; frame < 6; frame += 1) {
      vision?.onObservation(aFrameOf(stand.clock.now(), subject));
      await stand.clock.advance(100);
    }
    assert.equal(stand.relay.pulses, 0);
  });

  it('ends a pulse that runs when the gate is closed', async () => {
    stand = new GateStand();
    const gate = await stand.start();
    await comes(stand);
    assert.equal(stand.relay.isEnergised, true);
    await gate.close();
    assert.equal(stand.relay.isEnergised, false);
  });

  it('ends a pulse that runs when it is locked down, even if that cannot be stored', async () => {
    stand = new GateStand();
    const gate = await stand.start();
    await comes(stand);
    stand.failing.set('setSetting', aStoreFault('WRITE'));
    await assert.rejects(gate.lockDown(), { code: 'PORTICO_STORE_WRITE' });
    assert.equal(stand.relay.isEnergised, false);
    await stand.clock.advance(40_000);
    await comes(stand);
    assert.equal(stand.relay.pulses, 1);
    assert.equal(stand.page?.mode, 'locked-down');
  });

  it('keeps the lock-down when its end cannot be stored', async () => {
    stand = new GateStand();
    const gate = await stand.start();
    await gate.lockDown();
    stand.failing.set('setSetting', aStoreFault('WRITE'));
    assert.throws(() => gate.liftLockDown(), { code: 'PORTICO_STORE_WRITE' });
    stand.failing.clear();
    await comes(stand);
    assert.equal(stand.relay.pulses, 0);
  });

  it('uses nothing that it saw before or during a fault of the camera', async () => {
    stand = new GateStand();
    await stand.start();
    await stand.visit('resident', 2);
    stand.camera.fail();
    await stand.visit('resident', 2);
    stand.camera.recover();
    await stand.visit('resident', 2);
    assert.equal(stand.relay.pulses, 0, 'two frames are not enough');
    await stand.visit('resident', 2);
    assert.equal(stand.relay.pulses, 1);
  });

  it('uses nothing that it saw before vision was restarted', async () => {
    stand = new GateStand();
    await stand.start();
    await stand.visit('resident', 2);
    stand.failVision('stage-fault');
    await stand.clock.advance(100);
    stand.restartVision();
    await stand.visit('resident', 2);
    assert.equal(stand.relay.pulses, 0, 'two frames are not enough');
    await stand.visit('resident', 2);
    assert.equal(stand.relay.pulses, 1);
  });

  it('opens for nobody any more once its own judgement has thrown', async () => {
    stand = new GateStand();
    const { attendant } = stand.parts();
    let isSound = true;
    const failsOnce = {
      attend: (...seen: Parameters<Attendant['attend']>) => {
        if (isSound) return attendant.attend(...seen);
        isSound = true;
        throw new RangeError('a defect of ours');
      },
      noteDoorRefusal: () => attendant.noteDoorRefusal(),
    } as unknown as Attendant;
    await stand.start({ attendant: failsOnce });
    await stand.visit('resident', 2);
    isSound = false;
    await comes(stand);
    await stand.clock.advance(60_000);
    await comes(stand);
    assert.equal(stand.relay.pulses, 0);
    assert.deepEqual(stand.faultsRaised(), ['PORTICO_INVARIANT_BROKEN']);
    assert.deepEqual(stand.page?.reasons, ['stage-fault']);
  });

  it('stores what happened while the disk was full, in order, and opens again', async () => {
    stand = new GateStand();
    await stand.start();
    fillDisk(stand);
    await comes(stand);
    stand.camera.fail();
    stand.camera.recover();
    assert.equal(stand.relay.pulses, 0);
    assert.deepEqual(stand.types(), ['gate.started']);
    stand.failing.clear();
    await stand.clock.advance(10_000);
    const codes = stand.events.map((event) => ('code' in event ? event.code : event.type));
    assert.deepEqual(codes, [
      'gate.started',
      'PORTICO_STORE_WRITE',
      'PORTICO_CAMERA_STALLED',
      'PORTICO_CAMERA_STALLED',
      'PORTICO_STORE_WRITE',
    ]);
    await stand.visit('resident', 6, { trackId: 8 });
    assert.equal(stand.relay.pulses, 1);
  });

  it('works on without its page and without whoever looks on', async () => {
    stand = new GateStand({
      watcher: {
        onAttendance: () => {
          throw new Error('the terminal is gone');
        },
      },
    });
    stand.isPageBroken = true;
    await stand.start();
    await stand.visit('stranger', 30);
    assert.equal(stand.relay.pulses, 0);
    await stand.visit(undefined, 10);
    await stand.visit('resident', 6, { trackId: 8 });
    assert.equal(stand.relay.pulses, 1);
    assert.deepEqual(stand.faultsRaised(), ['PORTICO_INVARIANT_BROKEN']);
  });
});
