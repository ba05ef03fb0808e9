import type { AccessDecision, Denial, Grant } from '../domain/decision.ts';
import type { GateEvent } from '../domain/events.ts';
import type { Observation } from '../domain/observation.ts';
import type { MonotonicMs } from '../domain/units.ts';
import { type Advice, adviceOn } from './advice.ts';
import { isForAMoment, isMoreTelling, tellingReasons } from './telling-reasons.ts';
import type { VisitPolicy } from './visit-policy.ts';

/** One analysed frame, or none when the camera or a stage failed. */
export interface VisitInput {
  readonly observation: Observation | undefined;
  readonly decision: AccessDecision;
  readonly nowMs: MonotonicMs;
  /** The strike is energised or the leaf stands open. */
  readonly isDoorPassable: boolean;
}

export type VisitAction =
  | { readonly kind: 'open'; readonly grant: Grant }
  /** `trackId`: of the face that a refusal is about. */
  | { readonly kind: 'report'; readonly event: GateEvent; readonly trackId?: number };

export interface VisitStep {
  readonly advice: Advice;
  readonly actions: readonly VisitAction[];
}

/** One approach of one face. */
interface Transaction {
  readonly trackId: number;
  readonly beganAtMs: MonotonicMs;
  seenAtMs: MonotonicMs;
  /** What the report of a denial will say. */
  denial: Denial | undefined;
  isDenialReported: boolean;
  wasAttackReported: boolean;
  granted: { readonly identityId: string; readonly atMs: MonotonicMs } | undefined;
  hasOpened: boolean;
  /** The door did not follow the grant. */
  isDoorRefusing: boolean;
}

/**
 * Turns the flow of decisions into transactions, so that events are one per visit and not per
 * frame: a grant acts at once; a denial is reported when its track ends or after a while, with the
 * reasons of the frame that came farthest. Deterministic: time comes with each frame.
 */
export class Visits {
  readonly #policy: VisitPolicy;
  #current: Transaction | undefined;
  #lastGrant: { readonly identityId: string; readonly atMs: MonotonicMs } | undefined;
  #crowdedFrames = 0;
  #isTailgatingReported = false;

  constructor(policy: VisitPolicy) {
    this.#policy = policy;
  }

  observe(input: VisitInput): VisitStep {
    const actions: VisitAction[] = [...this.#tailgating(input), ...this.#endOld(input)];
    const subject = input.observation?.subject;
    if (subject !== undefined) {
      this.#current ??= begin(subject.trackId, input.nowMs);
      this.#current.seenAtMs = input.nowMs;
      actions.push(...this.#judge(this.#current, input));
    }
    return { advice: this.#advice(input), actions };
  }

  /** The door did not open for the grant just handed out: nobody is to be welcomed. */
  noteDoorRefusal(): void {
    if (this.#current !== undefined) this.#current.isDoorRefusing = true;
  }

  #endOld({ observation, nowMs }: VisitInput): readonly VisitAction[] {
    const visit = this.#current;
    if (visit === undefined) return [];
    const subject = observation?.subject;
    const hasEnded =
      subject === undefined
        ? nowMs - visit.seenAtMs >= this.#policy.endAfterMs
        : subject.trackId !== visit.trackId;
    if (!hasEnded) return [];
    this.#current = undefined;
    const isPasserBy = visit.seenAtMs - visit.beganAtMs < this.#policy.passerByMs;
    return isPasserBy && visit.denial?.similarity === undefined ? [] : denialReport(visit);
  }

  #judge(visit: Transaction, { decision, nowMs }: VisitInput): readonly VisitAction[] {
    if (decision.outcome === 'grant') return this.#grant(visit, decision, nowMs);
    if (visit.granted !== undefined) return [];
    if (visit.denial === undefined || isMoreTelling(decision.reasons, visit.denial.reasons)) {
      visit.denial = decision;
    }
    const isAttack = decision.reasons.includes('attack-suspected');
    if (isAttack && visit.isDenialReported && !visit.wasAttackReported) {
      visit.isDenialReported = false;
    }
    const { reportDenialAfterMs, reportWaitingAfterMs } = this.#policy;
    const afterMs = isForAMoment(visit.denial.reasons) ? reportWaitingAfterMs : reportDenialAfterMs;
    const isDue = nowMs - visit.beganAtMs >= afterMs;
    return isDue ? denialReport(visit) : [];
  }

  #grant(visit: Transaction, grant: Grant, nowMs: MonotonicMs): readonly VisitAction[] {
    const last = this.#lastGrant;
    // Whoever stays is let in again later than whoever comes again: standing there is no request.
    const waitMs = visit.hasOpened ? this.#policy.regrantStayingMs : this.#policy.regrantAfterMs;
    const isRepeated = last?.identityId === grant.identityId && nowMs - last.atMs < waitMs;
    visit.granted = { identityId: grant.identityId, atMs: isRepeated ? last.atMs : nowMs };
    if (isRepeated) return [];
    this.#lastGrant = visit.granted;
    visit.isDoorRefusing = false;
    visit.hasOpened = true;
    return [{ kind: 'open', grant }];
  }

  #tailgating({ observation, isDoorPassable }: VisitInput): readonly VisitAction[] {
    const faceCount = observation?.faceCount ?? 0;
    this.#crowdedFrames = isDoorPassable && faceCount > 1 ? this.#crowdedFrames + 1 : 0;
    if (!isDoorPassable) this.#isTailgatingReported = false;
    if (this.#isTailgatingReported || this.#crowdedFrames < this.#policy.tailgatingFrames)
      return [];
    this.#isTailgatingReported = true;
    return [{ kind: 'report', event: { type: 'tailgating.suspected', faceCount } }];
  }

  #advice({ observation, decision, nowMs, isDoorPassable }: VisitInput): Advice {
    const visit = this.#current;
    if (visit?.granted !== undefined && !visit.isDoorRefusing) {
      const sinceMs = nowMs - visit.granted.atMs;
      if (isDoorPassable || sinceMs < this.#policy.regrantAfterMs) {
        return { kind: 'welcome', identityId: visit.granted.identityId };
      }
    }
    if (decision.outcome === 'grant') return { kind: 'out-of-service', reasons: [] };
    const isSettled = visit?.isDenialReported === true;
    return adviceOn(decision, observation, isSettled);
  }
}

const begin = (trackId: number, nowMs: MonotonicMs): Transaction => ({
  trackId,
  beganAtMs: nowMs,
  seenAtMs: nowMs,
  denial: undefined,
  isDenialReported: false,
  wasAttackReported: false,
  granted: undefined,
  hasOpened: false,
  isDoorRefusing: false,
});

function denialReport(visit: Transaction): readonly VisitAction[] {
  const { denial } = visit;
  if (denial === undefined || visit.isDenialReported || visit.granted !== undefined) return [];
  visit.isDenialReported = true;
  visit.wasAttackReported = denial.reasons.includes('attack-suspected');
  const { similarity, threshold, modelId } = denial;
  const event: GateEvent = {
    type: 'access.denied',
    reasons: tellingReasons(denial.reasons),
    ...(similarity === undefined ? {} : { similarity }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(modelId === undefined ? {} : { modelId }),
  };
  return [{ kind: 'report', event, trackId: visit.trackId }];
}
