import type { ChallengeOrder, ChallengeProgress, ChallengeRule } from '../domain/challenge.ts';
import type { AccessDecision } from '../domain/decision.ts';
import { challengeOf, type LivenessAssessment } from '../domain/liveness.ts';
import type { SubjectObservation } from '../domain/observation.ts';
import type { Chance } from '../domain/ports/chance.ts';
import type { MonotonicMs } from '../domain/units.ts';
import { ChallengeAllowance } from './challenge-allowance.ts';
import { drawChallenge } from './draw-challenge.ts';

/** Whether a challenge may still help whoever stands there. */
export type ChallengeStanding = 'available' | 'exhausted';

type Subject = Pick<SubjectObservation, 'trackId' | 'liveness'>;

/** What was asked on one track. */
interface Asked {
  readonly orderId: number;
  readonly trackId: number;
  readonly tries: number;
  readonly askedAtMs: MonotonicMs;
  readonly passedAtMs?: MonotonicMs;
}

/** Everybody may misread the page once. */
const TRIES_PER_TRACK = 2;
/** A challenge that is not seen to run by then was lost on its way, or died with a break in its track. */
const LOST_AFTER_MS = 1_500;
/** Time for the evidence to settle after a challenge was passed. */
const SETTLES_WITHIN_MS = 2_000;

/**
 * Decides who is asked for a challenge, when, and for what: only somebody who would be let in if they
 * were known to be alive, twice on one track at most, and as often as the door's allowance says.
 */
export class ChallengeDesk {
  readonly #rule: ChallengeRule;
  readonly #chance: Chance;
  readonly #allowance = new ChallengeAllowance();
  #asked: Asked | undefined;
  #orders = 0;

  constructor(rule: ChallengeRule, chance: Chance) {
    this.#rule = rule;
    this.#chance = chance;
  }

  /** Takes note of one frame, and says how its track stands before it is decided about. */
  note(subject: Subject | undefined, nowMs: MonotonicMs): ChallengeStanding {
    if (subject === undefined) return 'available';
    if (this.#asked?.trackId !== subject.trackId) this.#asked = undefined;
    const phase = this.#phaseOf(subject.liveness);
    if (phase === 'asking') return 'available';
    const asked = this.#asked;
    if (asked === undefined) {
      const isRefused = this.#isDue(subject.liveness) && !this.#allowance.isOpen(nowMs);
      return isRefused ? 'exhausted' : 'available';
    }
    if (phase === 'passed') return this.#afterPassing(asked, subject, nowMs);
    if (!this.#hasFailed(asked, phase, nowMs)) return 'available';
    const mayTryAgain = asked.tries < TRIES_PER_TRACK && this.#allowance.isOpen(nowMs);
    return mayTryAgain ? 'available' : 'exhausted';
  }

  /** @returns what to ask now, if liveness alone stands between this person and the door */
  order(
    subject: Subject | undefined,
    decision: AccessDecision,
    nowMs: MonotonicMs,
  ): ChallengeOrder | undefined {
    if (subject === undefined || decision.outcome === 'grant') return undefined;
    if (!decision.reasons.every((reason) => reason === 'liveness-unproven')) return undefined;
    const { trackId, liveness } = subject;
    const phase = this.#phaseOf(liveness);
    if (!this.#isDue(liveness) || phase === 'asking' || phase === 'passed') return undefined;
    const asked = this.#asked?.trackId === trackId ? this.#asked : undefined;
    if (asked !== undefined && !this.#hasFailed(asked, phase, nowMs)) return undefined;
    const tries = (asked?.tries ?? 0) + 1;
    if (tries > TRIES_PER_TRACK || !this.#allowance.isOpen(nowMs)) return undefined;
    this.#allowance.spend(nowMs);
    this.#orders += 1;
    const orderId = this.#orders;
    this.#asked = { orderId, trackId, tries, askedAtMs: nowMs };
    return { orderId, trackId, actions: drawChallenge(this.#chance) };
  }

  /** The numbers of tracks mean others from now on. */
  forget(): void {
    this.#asked = undefined;
  }

  /** Of the newest order alone: what was asked before it is over. */
  #phaseOf(liveness: LivenessAssessment): ChallengeProgress['phase'] | undefined {
    const report = challengeOf(liveness);
    return report?.orderId === this.#asked?.orderId ? report?.phase : undefined;
  }

  #isDue(liveness: LivenessAssessment): boolean {
    const isUndecided = liveness.outcome === 'undecided' && liveness.challengeDue === true;
    switch (this.#rule) {
      case 'when-undecided':
        return isUndecided;
      case 'always':
        return isUndecided || liveness.outcome === 'bona-fide';
      case 'never':
        return false;
    }
  }

  /** A passed challenge that does not weigh enough settles nothing: there is no better one to be had. */
  #afterPassing(asked: Asked, { liveness }: Subject, nowMs: MonotonicMs): ChallengeStanding {
    if (asked.passedAtMs === undefined) this.#allowance.refund();
    const passedAtMs = asked.passedAtMs ?? nowMs;
    this.#asked = { ...asked, passedAtMs };
    const isSettled = nowMs - passedAtMs > SETTLES_WITHIN_MS;
    return isSettled && liveness.outcome !== 'bona-fide' ? 'exhausted' : 'available';
  }

  #hasFailed(
    { askedAtMs }: Asked,
    phase: ChallengeProgress['phase'] | undefined,
    nowMs: MonotonicMs,
  ): boolean {
    return phase === 'failed' || nowMs - askedAtMs > LOST_AFTER_MS;
  }
}
