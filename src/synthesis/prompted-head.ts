import type { ChallengeAction } from '../domain/challenge.ts';
import type { HeadActing } from './head-acting.ts';

interface Deed {
  readonly action: ChallengeAction;
  readonly fromS: number;
}

/** Of the turning to and fro, what remains in somebody who was asked for something. */
const ATTENTIVE = 0.25;
/** From reading what is asked to beginning to do it. */
const REACTION_S = 0.6;
/** Out, hold, and back again. */
const LENGTH_S: Readonly<Record<ChallengeAction, number>> = {
  blink: 0.5,
  'turn-left': 1.6,
  'turn-right': 1.6,
  'come-closer': 3,
};
const TURN = (32 * Math.PI) / 180;
const STEP_CLOSER = 0.45;

/** Somebody who does what the page asks, a moment after it is asked. */
export class PromptedHead implements HeadActing {
  readonly #deeds: Deed[] = [];

  do(action: ChallengeAction, askedAtS: number): void {
    const before = this.#deeds.at(-1);
    const freeAtS = before === undefined ? 0 : before.fromS + LENGTH_S[before.action];
    this.#deeds.push({ action, fromS: Math.max(askedAtS + REACTION_S, freeAtS) });
  }

  yaw(seconds: number): number {
    return TURN * (this.#share('turn-left', seconds) - this.#share('turn-right', seconds));
  }

  restlessness(seconds: number): number {
    const first = this.#deeds[0];
    if (first === undefined) return 1;
    const settled = Math.min(1, Math.max(0, 1 - (first.fromS - seconds) / REACTION_S));
    return 1 - settled * (1 - ATTENTIVE);
  }

  closure(seconds: number): number {
    return this.#share('blink', seconds) > 0.3 ? 1 : 0;
  }

  nearness(seconds: number): number {
    return STEP_CLOSER * this.#share('come-closer', seconds);
  }

  /** How far an action is carried out at a moment, in [0, 1]. */
  #share(action: ChallengeAction, seconds: number): number {
    const length = LENGTH_S[action];
    const shares = this.#deeds
      .filter((deed) => deed.action === action)
      .map(({ fromS }) => (seconds - fromS) / length)
      .filter((part) => part > 0 && part < 1)
      .map((part) => Math.sin(Math.PI * part));
    return Math.max(0, ...shares);
  }
}
