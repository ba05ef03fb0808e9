/** Draws in [0, 1) that nobody can foresee who knows all draws before. */
export type Chance = () => number;
