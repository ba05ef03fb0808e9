/** What a person may be asked to do; left and right are the person's own, as in a mirror. */
export const CHALLENGE_ACTIONS = ['blink', 'turn-left', 'turn-right', 'come-closer'] as const;
export type ChallengeAction = (typeof CHALLENGE_ACTIONS)[number];

/** When a challenge is asked for: of whoever looking on cannot decide about, of everybody, of nobody. */
export const CHALLENGE_RULES = ['when-undecided', 'always', 'never'] as const;
export type ChallengeRule = (typeof CHALLENGE_RULES)[number];

/** Things asked for, one after the other. */
export const CHALLENGE_STEPS = 3;

/**
 * The probability that the best answer recorded beforehand is the right one: it must turn to the right
 * side at every step that asks for it and at no other, and there are 16 such patterns, drawn alike.
 * What is no turn counts for nothing: a recording may blink all the time, and be brought closer by hand.
 */
export const CHALLENGE_CHANCE = 1 / 16;

/** What the gate asks of the person on one track. */
export interface ChallengeOrder {
  /** Tells it from those before; its reports carry it. */
  readonly orderId: number;
  readonly trackId: number;
  readonly actions: readonly ChallengeAction[];
}

/** How far a challenge has come. One that is passed or failed stays so, and dies with its track. */
export type ChallengeReport = Pick<ChallengeOrder, 'orderId'> & ChallengeProgress;

export type ChallengeProgress =
  | {
      readonly phase: 'asking';
      readonly action: ChallengeAction;
      /** Actions done before this one, and all there are. */
      readonly done: number;
      readonly total: number;
    }
  | { readonly phase: 'passed' }
  | { readonly phase: 'failed'; readonly why: 'too-late' | 'wrong-way' | 'unfit' };
