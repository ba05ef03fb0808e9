import type { DoorState, DoorStatus } from '../access/door-status.ts';
import type { Advice } from '../decision/advice.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { DenyReason } from '../domain/deny-reasons.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { Box } from '../domain/face.ts';
import type { FrameSize } from '../domain/frame.ts';
import type {
  KioskDoorState,
  KioskFace,
  KioskMode,
  KioskRelayState,
  KioskState,
} from '../kiosk/kiosk-state.ts';

export interface PageInput {
  readonly advice: Advice;
  readonly door: DoorStatus;
  readonly faults: readonly ErrorCode[];
  readonly face: Box | undefined;
  /** Share of the evidence gathered, in [0, 1]. */
  readonly progress: number;
  readonly frame: FrameSize;
  /** The gate's site cannot be reached; the door works as usual. */
  readonly isAway: boolean;
  readonly livenessWaiver: string | undefined;
  /** Of the person welcomed; the page shows it only where it was told to. */
  readonly welcomeName: string | undefined;
}

/** What the page on the wall shows at one moment. */
export function pageState(input: PageInput): KioskState {
  const { advice, door, faults, face, livenessWaiver, welcomeName } = input;
  const progress = advice.kind === 'challenge' ? advice.done / advice.total : input.progress;
  return {
    ...speech(input),
    face: face === undefined ? undefined : faceOnPage(face, input.frame, progress),
    door: DOOR_WORDS[door.state],
    relay: relayWord(door),
    faults,
    ...(livenessWaiver === undefined ? {} : { livenessWaiver }),
    ...(welcomeName === undefined ? {} : { welcomeName }),
  };
}

type Speech = Pick<KioskState, 'mode' | 'reasons' | 'advice' | 'steps'>;

const say = (
  mode: KioskMode,
  reasons: readonly DenyReason[] = [],
  advice?: KioskState['advice'],
): Speech => ({ mode, reasons, advice });

function speech({ advice, door, isAway }: PageInput): Speech {
  if (door.isLockedDown) return say('locked-down', ['locked-down']);
  switch (advice.kind) {
    case 'idle':
      if (door.state === 'fault') return say('fault');
      return say(isAway ? 'offline' : 'idle');
    case 'out-of-service':
      return say('fault', advice.reasons);
    case 'one-at-a-time':
      return say('refused', ['several-subjects']);
    case 'improve':
      return say('look-here', ['quality-insufficient'], advice.faults[0]);
    case 'challenge': {
      const { action, done, total } = advice;
      return { ...say('checking', [], `challenge-${action}`), steps: { done, total } };
    }
    case 'hold-still':
      return say('checking');
    case 'welcome':
      return say('welcome');
    case 'refused':
      return say('refused', advice.reasons);
    default:
      return assertNever(advice);
  }
}

function faceOnPage(box: Box, frame: FrameSize, progress: number): KioskFace {
  return {
    x: box.xPx / frame.widthPx,
    y: box.yPx / frame.heightPx,
    width: box.widthPx / frame.widthPx,
    height: box.heightPx / frame.heightPx,
    progress,
  };
}

const DOOR_WORDS: Readonly<Record<DoorState, KioskDoorState>> = {
  'closed-down': 'unknown',
  fault: 'unknown',
  forced: 'forced',
  'locked-down': 'locked',
  'held-open': 'held-open',
  unlocked: 'unlocked',
  unlocking: 'unlocked',
  relocking: 'unlocked',
  open: 'open',
  locked: 'locked',
};

function relayWord(door: DoorStatus): KioskRelayState {
  if (door.state === 'fault' || door.state === 'closed-down') return 'unknown';
  return door.unlockedUntilMs === undefined ? 'released' : 'energised';
}
