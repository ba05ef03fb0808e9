import { type Threshold, thresholdFor } from '../decision/threshold.ts';
import type { Calibration } from '../domain/calibration.ts';

/** What a search among so many templates demands. */
export interface TauRow {
  readonly templates: number;
  readonly threshold: number;
  /** Per comparison. */
  readonly fmr: number;
  readonly basis: Extract<Threshold, { outcome: 'known' }>['basis'];
}

/** A row for people: N, tau(N), FMR, on what it rests. */
export const tauCells = ({ templates, threshold, fmr, basis }: TauRow): readonly string[] => [
  String(templates),
  threshold.toFixed(4),
  fmr.toExponential(1),
  basis,
];
export const TAU_COLUMNS = ['N', 'tau(N)', 'FMR', ''] as const;

const ROSTERS = [1, 10, 30, 100, 300, 1_000, 3_000, 10_000] as const;

/**
 * tau(N): the threshold that keeps a search among N templates at a false positive identification rate.
 * @param targetFpir  in (0, 1), per search
 * @returns rows as far as the curve reaches; where it ends the door stays shut
 */
export function tauTable(calibration: Calibration, targetFpir: number): readonly TauRow[] {
  return ROSTERS.flatMap((templates) => {
    const found = thresholdFor(calibration, targetFpir, templates);
    if (found.outcome === 'missing') return [];
    const { threshold, fmr, basis } = found;
    return [{ templates, threshold, fmr, basis }];
  });
}
