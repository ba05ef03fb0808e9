import { CHALLENGE_STEPS, type ChallengeAction, type ChallengeOrder } from '../domain/challenge.ts';
import type { RandomSource } from '../numeric/random.ts';

/** What a step asks of the head; a recording cannot foresee which. */
type Turn = 'turn-left' | 'turn-right' | 'none';

const TURNS: readonly Turn[] = ['turn-left', 'turn-right', 'none'];

/** Every order of turns in which no turn follows itself (nobody would notice the second) and one occurs. */
const PATTERNS: readonly (readonly Turn[])[] = orders(CHALLENGE_STEPS).filter(
  (turns) =>
    turns.some((turn) => turn !== 'none') &&
    turns.every((turn, step) => turn === 'none' || turn !== turns[step - 1]),
);

/**
 * Draws what to ask for. Turns are what a flat picture cannot do and a recording cannot foresee: all
 * patterns of them are equally likely. The other steps are blinking and coming closer, each once at most.
 * @param random  unpredictable to whoever stands at the door
 */
export function drawChallenge(random: RandomSource): ChallengeOrder['actions'] {
  const pattern = PATTERNS[Math.floor(random() * PATTERNS.length)] ?? [];
  const others: readonly ChallengeAction[] =
    random() < 0.5 ? ['blink', 'come-closer'] : ['come-closer', 'blink'];
  let used = 0;
  return pattern.map((turn) => {
    if (turn !== 'none') return turn;
    used += 1;
    return others[used - 1] ?? 'blink';
  });
}

function orders(steps: number): readonly (readonly Turn[])[] {
  if (steps === 0) return [[]];
  return orders(steps - 1).flatMap((order) => TURNS.map((turn) => [...order, turn]));
}
