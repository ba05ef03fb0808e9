import { renderTable } from './render-table.ts';

/** The goal of the project: painting changes the 95th percentile of the door's time by at most this share. */
export const ART_GOAL = 0.1;

/** What hung on the wall while people came. */
export const ART_MODES = ['off', 'fast', 'slow'] as const;
export type ArtMode = (typeof ART_MODES)[number];

/** Times of all visits under one mode, milliseconds, in any order. */
export interface ArtSamples {
  /** From the first frame with a face to the decision. */
  readonly decisionMs: readonly number[];
  /** Vision's time for one frame with a face. */
  readonly visionMs: readonly number[];
  /** From the report of a face until nothing was painted any more. */
  readonly stopMs: readonly number[];
}

interface Quantiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface ArtModeReport {
  readonly decisionMs: Quantiles;
  readonly visionMs: Quantiles;
  /** Absent where nothing is painted. */
  readonly stopMs: Quantiles | undefined;
  /** The 95th percentile of the decision over the one without art. */
  readonly ratio: number;
}

/** The stable shape of `portico bench art --json`. */
export type ArtLatencyReport = Readonly<Record<ArtMode, ArtModeReport>>;

export function artLatencyReport(samples: Readonly<Record<ArtMode, ArtSamples>>): ArtLatencyReport {
  const plain = quantilesOf(samples.off.decisionMs);
  const report = ({ decisionMs, visionMs, stopMs }: ArtSamples): ArtModeReport => {
    const decision = quantilesOf(decisionMs);
    return {
      decisionMs: decision,
      visionMs: quantilesOf(visionMs),
      stopMs: stopMs.length === 0 ? undefined : quantilesOf(stopMs),
      ratio: Math.round((1000 * decision.p95) / plain.p95) / 1000,
    };
  };
  return { off: report(samples.off), fast: report(samples.fast), slow: report(samples.slow) };
}

export function renderArtLatency(report: ArtLatencyReport): string {
  const figures = ({ p50, p95, p99 }: Quantiles): readonly string[] =>
    [p50, p95, p99].map((ms) => ms.toFixed(0));
  const rows = ART_MODES.map((mode) => {
    const { decisionMs, visionMs, stopMs, ratio } = report[mode];
    const stop = stopMs === undefined ? ['-', '-', '-'] : figures(stopMs);
    return [mode, ...figures(decisionMs), ratio.toFixed(2), visionMs.p95.toFixed(0), ...stop];
  });
  const heads = ['art', 'decision p50 ms', 'p95', 'p99', 'p95 / off', 'vision p95'];
  const visits = report.off.decisionMs.count;
  return [
    renderTable([...heads, 'still after p50', 'p95', 'p99'], rows),
    '',
    `  ${visits} visits each, the modes in turn; goal: p95 within ${ART_GOAL * 100} % of the time without art`,
  ].join('\n');
}

/** By the nearest rank: always a value that occurred. */
function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number): number =>
    Math.round(10 * (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN)) / 10;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
