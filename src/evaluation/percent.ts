/** A ratio for people: `99.20 %`. */
export const percent = (ratio: number, digits = 2): string => `${(100 * ratio).toFixed(digits)} %`;
