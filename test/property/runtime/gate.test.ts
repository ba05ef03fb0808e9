import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RosterTrust } from '../../../src/domain/roster.ts';
import type { Attendant } from '../../../src/runtime/attendant.ts';
import type { GateSite } from '../../../src/runtime/gate-site.ts';
import { aStoreFault, FACES, FRAME_MS, GateStand, type Visitor } from '../../helpers/gate-stand.ts';
import { aFrameOf, aProbe, aSubject } from '../../helpers/observation-builders.ts';

const YEAR_MS = 365 * 86_400_000;
const NEEDED_FRAMES = 3;
const ROSTER_READ_MS = 250;

/** What the observer knows of the world, kept apart from anything the gate believes. */
class World {
  readonly #stand: GateStand;
  readonly attendant: Attendant;
  rosterTrust: RosterTrust = 'everybody';
  unvouched: Visitor | undefined;
  endCapture: () => void = () => undefined;
  isCameraWell = true;
  isVisionWell = true;
  isDiskFull = false;
  /** The roster is read four times a second; until then the gallery in memory is believed. */
  unreadableSinceMs = Number.POSITIVE_INFINITY;
  isLockedDown = false;
  clockStepMs = 0;
  /** Whose good frames came last without an interruption, on which track, and when. */
  #run: { who: Visitor; trackId: number; atMs: readonly number[] } | undefined;

  constructor(stand: GateStand) {
    this.#stand = stand;
    this.attendant = stand.parts().attendant;
  }

  isVouchedFor(identityId: string): boolean {
    return identityId !== this.unvouched;
  }

  interrupt(): void {
    this.#run = undefined;
  }

  sees(who: Visitor | undefined, trackId: number, isGood: boolean): void {
    if (!this.isVisionWell) return;
    const nowMs = this.#stand.clock.now();
    const face = isGood ? FACES[who ?? 'stranger'] : new Float32Array(64).fill(Number.NaN);
    const subject = who === undefined ? undefined : aSubject({ trackId, probes: [aProbe(face)] });
    if (who !== undefined && this.isCameraWell) {
      // A face without a usable probe is whoever the track says: nothing shows that it is not.
      const isSame = this.#run?.trackId === trackId && (this.#run.who === who || !isGood);
      const run = this.#run !== undefined && isSame ? this.#run : { who, trackId, atMs: [] };
      this.#run = isGood ? { ...run, atMs: [...run.atMs, nowMs] } : run;
    }
    this.#stand.observe(aFrameOf(nowMs, subject));
  }

  /** Who may enter at this moment, if anybody. */
  entitled(): Visitor | undefined {
    const nowMs = this.#stand.clock.now();
    const isWell =
      this.isCameraWell &&
      this.isVisionWell &&
      !this.isDiskFull &&
      nowMs - this.unreadableSinceMs < ROSTER_READ_MS &&
      !this.isLockedDown &&
      this.clockStepMs === 0 &&
      this.rosterTrust !== 'nobody';
    if (!isWell || this.#run === undefined || this.#run.who === 'stranger') return undefined;
    const recent = this.#run.atMs.filter((atMs) => nowMs - atMs <= 4_000);
    const newestMs = recent.at(-1) ?? Number.NEGATIVE_INFINITY;
    const isEnough = recent.length >= NEEDED_FRAMES && nowMs - newestMs <= 1_000;
    const { who } = this.#run;
    const isConfirmed = this.rosterTrust === 'everybody' || this.isVouchedFor(who);
    return isEnough && isConfirmed ? who : undefined;
  }
}

/** The gate's place in a site whose roster is as the world says. */
const siteOf = (world: World): GateSite => ({
  get rosterTrust() {
    return world.rosterTrust;
  },
  isVouchedFor: (identityId) => world.isVouchedFor(identityId),
  isAway: false,
  summary: () => assert.fail('nobody asks'),
  close: () => Promise.resolve(),
});

type Happening = (stand: GateStand, world: World) => void;

const HAPPENINGS: Readonly<Record<string, Happening>> = {
  'camera fails': (stand, world) => {
    world.isCameraWell = false;
    world.interrupt();
    stand.camera.fail();
  },
  'camera recovers': (stand, world) => {
    world.isCameraWell = true;
    stand.camera.recover();
  },
  'vision throws': (stand, world) => {
    world.isVisionWell = false;
    world.interrupt();
    stand.failVision('stage-fault');
  },
  'vision hangs': (stand, world) => {
    world.isVisionWell = false;
    world.interrupt();
    stand.failVision('stage-timeout');
  },
  'vision restarts': (stand, world) => {
    world.isVisionWell = true;
    stand.restartVision();
  },
  'camera hiccups': (stand, world) => {
    world.interrupt();
    stand.camera.fail();
    world.isCameraWell = true;
    stand.camera.recover();
  },
  'vision hiccups': (stand, world) => {
    world.interrupt();
    stand.failVision('stage-fault');
    world.isVisionWell = true;
    stand.restartVision();
  },
  'store fails to read': (stand, world) => {
    world.unreadableSinceMs = Math.min(world.unreadableSinceMs, stand.clock.now());
    stand.failing.set('hasChangedSince', aStoreFault('LOCKED'));
    stand.failing.set('snapshot', aStoreFault('LOCKED'));
  },
  'disk is full': (stand, world) => {
    world.isDiskFull = true;
    stand.failing.set('append', aStoreFault('WRITE')).set('setSetting', aStoreFault('WRITE'));
  },
  'store works': (stand, world) => {
    world.isDiskFull = false;
    world.unreadableSinceMs = Number.POSITIVE_INFINITY;
    stand.failing.clear();
  },
  'lock-down': (stand, world) => {
    world.isLockedDown = true;
    // It cannot always be stored; the door is shut all the same.
    void stand.gate?.lockDown().catch(() => undefined);
  },
  'lock-down ends': (stand, world) => {
    try {
      stand.gate?.liftLockDown();
      world.isLockedDown = false;
    } catch {
      // It could not be stored, so it stays.
    }
  },
  'clock jumps back': (stand, world) => {
    world.clockStepMs -= YEAR_MS;
    stand.clock.stepWall(-YEAR_MS);
  },
  'clock jumps forward': (stand, world) => {
    world.clockStepMs += YEAR_MS;
    stand.clock.stepWall(YEAR_MS);
  },
  'clock is right again': (stand, world) => {
    stand.clock.stepWall(-world.clockStepMs);
    world.clockStepMs = 0;
  },
  'page breaks': (stand) => {
    stand.isPageBroken = true;
  },
  'roster grows stale': (_stand, world) => {
    world.rosterTrust = 'people-known-before';
  },
  'roster expires': (_stand, world) => {
    world.rosterTrust = 'nobody';
  },
  'a record comes without a head': (_stand, world) => {
    world.unvouched = 'resident';
  },
  'a head covers everybody': (_stand, world) => {
    world.unvouched = undefined;
    world.rosterTrust = 'everybody';
  },
  'a capture begins': (_stand, world) => {
    world.endCapture = world.attendant.beginCapture();
  },
  'a capture ends': (_stand, world) => world.endCapture(),
  'all is well': (stand, world) => {
    for (const name of [
      'camera recovers',
      'vision restarts',
      'store works',
      'lock-down ends',
      'clock is right again',
      'a head covers everybody',
    ]) {
      HAPPENINGS[name]?.(stand, world);
    }
  },
};

const frames = fc.record({
  kind: fc.constant('frames' as const),
  who: fc.option(fc.constantFrom<Visitor>('resident', 'neighbour', 'stranger', 'resident'), {
    nil: undefined,
  }),
  trackId: fc.constantFrom(1, 1, 1, 2),
  isGood: fc.constantFrom(true, true, true, false),
  count: fc.integer({ min: 1, max: 5 }),
});
const happening = fc.record({
  kind: fc.constant('happening' as const),
  name: fc.constantFrom(...Object.keys(HAPPENINGS), 'all is well', 'all is well'),
  waitMs: fc.constantFrom(0, 50, 300, 1_200),
});
const stories = fc.array(fc.oneof({ weight: 3, arbitrary: frames }, happening), {
  minLength: 4,
  maxLength: 30,
});

describe('gate, whatever happens in whatever order', () => {
  it('energises the relay only while every condition is met at that moment', async () => {
    let opened = 0;
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const stand = new GateStand();
        const world = new World(stand);
        const wrongAtMs: number[] = [];
        stand.onPulse = () => {
          opened += 1;
          if (world.entitled() === undefined) wrongAtMs.push(stand.clock.now());
        };
        await stand.start({
          attendant: world.attendant,
          openSite: () => Promise.resolve(siteOf(world)),
        });
        for (const step of story) {
          if (step.kind === 'happening') {
            HAPPENINGS[step.name]?.(stand, world);
            await stand.clock.advance(step.waitMs);
          } else {
            for (let frame = 0; frame < step.count; frame += 1) {
              world.sees(step.who, step.trackId, step.isGood);
              await stand.clock.advance(FRAME_MS);
            }
          }
          if (world.isLockedDown) assert.equal(stand.relay.isEnergised, false, 'locked down');
        }
        await stand.close();
        assert.equal(stand.relay.isEnergised, false, 'closed');
        assert.deepEqual(wrongAtMs, [], 'energised for nobody entitled');
      }),
      { numRuns: 100, seed: 20_261 },
    );
    assert.ok(opened >= 10, `the stories open the door often enough to mean something: ${opened}`);
  });
});
