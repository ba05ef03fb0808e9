import type { DenyReason } from '../domain/deny-reasons.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { QUALITY_FAULTS } from '../domain/quality.ts';

export const KIOSK_MODES = [
  'idle',
  'look-here',
  'checking',
  'welcome',
  'refused',
  'offline',
  'fault',
  'locked-down',
] as const;
export type KioskMode = (typeof KIOSK_MODES)[number];

/** Modes in which the visitor sees himself; in all others the camera's picture never leaves the gate. */
export const MIRROR_MODES: ReadonlySet<KioskMode> = new Set([
  'look-here',
  'checking',
  'welcome',
  'refused',
]);

/** Modes in which nobody is spoken to and the wall shows its picture. */
export const ART_MODES: ReadonlySet<KioskMode> = new Set(['idle', 'offline']);

/** What the visitor can do about it: mend the picture, or answer a liveness challenge. */
export const KIOSK_ADVICE = [
  ...QUALITY_FAULTS,
  'challenge-blink',
  'challenge-turn-left',
  'challenge-turn-right',
  'challenge-come-closer',
] as const;
export type KioskAdvice = (typeof KIOSK_ADVICE)[number];

export const KIOSK_DOOR_STATES = [
  'locked',
  'unlocked',
  'open',
  'held-open',
  'forced',
  'unknown',
] as const;
export type KioskDoorState = (typeof KIOSK_DOOR_STATES)[number];

export const KIOSK_RELAY_STATES = ['released', 'energised', 'unknown'] as const;
export type KioskRelayState = (typeof KIOSK_RELAY_STATES)[number];

/** Where the ring goes. Ratios of the unmirrored frame, origin at its top left corner. */
export interface KioskFace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** How much of the evidence for a decision is gathered, in [0, 1]. */
  readonly progress: number;
}

/** How far a challenge has come. */
export interface KioskSteps {
  readonly done: number;
  readonly total: number;
}

/** Everything the page on the wall may know at one moment. */
export interface KioskState {
  readonly mode: KioskMode;
  /** Most severe first; only the first reaches the page, so that no list helps an attacker. */
  readonly reasons: readonly DenyReason[];
  readonly advice: KioskAdvice | undefined;
  /** While a challenge runs. */
  readonly steps?: KioskSteps;
  readonly face: KioskFace | undefined;
  readonly door: KioskDoorState;
  readonly relay: KioskRelayState;
  /** For the installer; shown in mode 'fault'. */
  readonly faults: readonly ErrorCode[];
  /** The operator's own words when the policy does without liveness; always shown while set. */
  readonly livenessWaiver?: string;
  /** Reaches the page only in mode 'welcome' and only if the kiosk was started with `showNames`. */
  readonly welcomeName?: string;
}

/** Before the gate has said anything. */
export const INITIAL_KIOSK_STATE: KioskState = {
  mode: 'idle',
  reasons: [],
  advice: undefined,
  face: undefined,
  door: 'unknown',
  relay: 'unknown',
  faults: [],
};
