import type { RandomSource } from '../numeric/random.ts';

/** What a person may be asked to do; left and right are the person's own, as in a mirror. */
export const CHALLENGE_ACTIONS = ['blink', 'turn-left', 'turn-right', 'come-closer'] as const;

export type ChallengeAction = (typeof CHALLENGE_ACTIONS)[number];

const TURNS: readonly ChallengeAction[] = ['turn-left', 'turn-right'];

/**
 * Draws what to ask for: different actions in random order, a turn always among them, because it is what
 * a flat picture cannot do (it can be brought closer, and its eyes can be cut out).
 * @param steps  1 to 4
 */
export function drawChallenge(random: RandomSource, steps: number): readonly ChallengeAction[] {
  const turn = pick(random, TURNS);
  const others = shuffled(
    random,
    CHALLENGE_ACTIONS.filter((action) => action !== turn),
  );
  return shuffled(random, [turn, ...others.slice(0, steps - 1)]);
}

function pick(random: RandomSource, actions: readonly ChallengeAction[]): ChallengeAction {
  return actions[Math.floor(random() * actions.length)] ?? 'turn-left';
}

/** Source: Fisher and Yates, in Durstenfeld's form */
function shuffled(
  random: RandomSource,
  actions: readonly ChallengeAction[],
): readonly ChallengeAction[] {
  const order = [...actions];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const moved = order[last];
    const swapped = order[other];
    if (moved === undefined || swapped === undefined) continue;
    order[last] = swapped;
    order[other] = moved;
  }
  return order;
}
