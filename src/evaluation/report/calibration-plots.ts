import type { FusionRates } from '../../domain/liveness-fusion.ts';
import { fitLogistic } from '../../numeric/logistic-regression.ts';
import type { AllComparisons, ComparisonTable } from '../all-comparisons.ts';
import type { CalibrationResult } from '../calibration-of.ts';
import { clopperPearson } from '../clopper-pearson.ts';
import { detCurve } from '../det-curve.ts';
import type { TauRow } from '../tau-table.ts';
import type { Axis, Layer, Plot, PlotPoint } from './svg-plot.ts';

const power = (value: number): string => `1e${Math.round(Math.log10(value))}`;
const decades = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
const rates = (title: string, from: number, to: number): Axis => ({
  title,
  low: 10 ** from,
  high: 10 ** to,
  isLogarithmic: true,
  ticks: decades(from, to),
  format: power,
});
const percent = (value: number): string => `${Math.round(100 * value)} %`;
const tenth = (value: number): string => value.toFixed(1);
const similarityAxis: Axis = {
  title: 'similarity',
  low: -0.4,
  high: 1,
  ticks: [-0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8, 1],
  format: tenth,
};

/** Detection error trade-off: what each threshold costs on either side. */
export function detPlot({ calibration, comparisons }: CalibrationResult): Plot {
  const tail = calibration.points.filter(({ extrapolated }) => extrapolated);
  const strictest = calibration.points.find(({ extrapolated }) => extrapolated)?.fmr ?? 0;
  const curve = detCurve(scoresOf(comparisons))
    .filter(({ fmr }) => fmr > strictest)
    .map(({ fmr, falseRejectRate }): PlotPoint => [fmr, falseRejectRate]);
  const [last] = curve;
  const beyond = tail.map(({ fmr, fnmr }): PlotPoint => [fmr, fnmr]);
  return {
    title: 'Detection error trade-off',
    x: rates('FMR: another person matches', -8, 0),
    y: rates('FNMR: the same person does not', -4, 0),
    layers: [
      {
        kind: 'band',
        series: 1,
        points: calibration.points.map(({ fmr, fnmrInterval: [low, high] }) => [fmr, low, high]),
      },
      { kind: 'line', series: 1, points: curve },
      {
        kind: 'line',
        series: 2,
        isDashed: true,
        points: last === undefined ? beyond : [last, ...beyond],
      },
    ],
    legend: ['counted', 'extrapolated by a fitted tail'],
  };
}

const BINS = 70;

/** How alike pictures of one person are, and of two. */
export function histogramPlot({ comparisons }: CalibrationResult): Plot {
  const [mated, nonMated] = [comparisons.mated, comparisons.nonMated].map(densityOf);
  const highest = Math.max(...[...(mated ?? []), ...(nonMated ?? [])].map(([, share]) => share));
  const layer = (points: readonly PlotPoint[] = [], series: 1 | 2): readonly Layer[] => [
    { kind: 'band', series, points: points.map(([x, y]) => [x, 0, y]) },
    { kind: 'line', series, points },
  ];
  return {
    title: 'Similarities',
    x: similarityAxis,
    y: { title: 'share of comparisons', low: 0, high: highest * 1.05, ticks: [0], format: percent },
    layers: [...layer(mated, 1), ...layer(nonMated, 2)],
    legend: ['the same person', 'two people'],
  };
}

function densityOf({ similarity }: ComparisonTable): readonly PlotPoint[] {
  const { low, high } = similarityAxis;
  const counts = new Float64Array(BINS);
  for (const value of similarity) {
    const bin = Math.floor(((value - low) / (high - low)) * BINS);
    const inside = Math.max(0, Math.min(BINS - 1, bin));
    counts[inside] = (counts[inside] ?? 0) + 1;
  }
  return Array.from(
    counts,
    (count, bin): PlotPoint => [
      low + ((bin + 0.5) * (high - low)) / BINS,
      count / similarity.length,
    ],
  );
}

const RELIABILITY_BINS = 10;
const PENALTY = 1e-3;
/** Of either kind: enough to fit one slope. */
const MOST_COMPARISONS = 10_000;

/**
 * Does a probability that the similarity is read as come true? A logistic law of one slope is fitted on
 * every second person, and held against the others; as many mated as non-mated comparisons of each.
 */
export function reliabilityPlot({ comparisons }: CalibrationResult): Plot {
  const learners = evenly(comparisons, 0);
  const judges = evenly(comparisons, 1);
  const { intercept, weights } = fitLogistic(
    {
      features: Float64Array.from(learners, ({ similarity }) => similarity),
      columns: 1,
      labels: Float64Array.from(learners, ({ isMated }) => (isMated ? 1 : 0)),
      weights: new Float64Array(learners.length).fill(1),
    },
    PENALTY,
  );
  const bins = Array.from({ length: RELIABILITY_BINS }, () => ({ mated: 0, all: 0, sum: 0 }));
  for (const { similarity, isMated } of judges) {
    const probability = 1 / (1 + Math.exp(-(intercept + (weights[0] ?? 0) * similarity)));
    const bin = bins[Math.min(RELIABILITY_BINS - 1, Math.floor(probability * RELIABILITY_BINS))];
    if (bin === undefined) continue;
    bin.all += 1;
    bin.sum += probability;
    if (isMated) bin.mated += 1;
  }
  const share: Axis = {
    title: 'probability that both are one person',
    low: 0,
    high: 1,
    ticks: [0, 0.25, 0.5, 0.75, 1],
    format: percent,
  };
  const diagonal: readonly PlotPoint[] = [
    [0, 0],
    [1, 1],
  ];
  return {
    title: 'Reliability',
    x: share,
    y: { ...share, title: 'how often they were' },
    layers: [
      { kind: 'line', series: 2, isDashed: true, points: diagonal },
      ...bins
        .filter(({ all }) => all > 0)
        .map(
          ({ mated, all, sum }): Layer => ({
            kind: 'dot',
            series: 1,
            x: sum / all,
            y: mated / all,
            interval: clopperPearson(mated, all),
          }),
        ),
    ],
    legend: ['people not fitted on', 'perfect'],
  };
}

interface KnownSimilarity {
  readonly similarity: number;
  readonly isMated: boolean;
}

/** As many of either kind, taken at even distances, between people whose numbers have that remainder by two. */
function evenly({ mated, nonMated }: AllComparisons, remainder: 0 | 1): readonly KnownSimilarity[] {
  const within = ({ similarity, leftPerson, rightPerson }: ComparisonTable): readonly number[] =>
    [...similarity].filter(
      (_, index) =>
        (leftPerson[index] ?? 0) % 2 === remainder && (rightPerson[index] ?? 0) % 2 === remainder,
    );
  const [same, other] = [within(mated), within(nonMated)];
  const count = Math.min(MOST_COMPARISONS, same.length, other.length);
  const thin = (of: readonly number[], isMated: boolean): readonly KnownSimilarity[] =>
    Array.from({ length: count }, (_, index) => ({
      similarity: of[Math.floor((index * of.length) / count)] ?? 0,
      isMated,
    }));
  return [...thin(same, true), ...thin(other, false)];
}

/** tau(N): the threshold against the number of templates that are searched. */
export function tauPlot(rows: readonly TauRow[]): Plot {
  const line = (of: readonly TauRow[]): readonly PlotPoint[] =>
    of.map(({ templates, threshold }) => [templates, threshold]);
  const counted = rows.filter(({ basis }) => basis === 'measured');
  return {
    title: 'Threshold by the number of templates',
    x: { ...rates('templates searched', 0, 4), format: String },
    y: { ...similarityAxis, title: 'tau(N)', low: 0.2, high: 0.8, ticks: [0.2, 0.4, 0.6, 0.8] },
    layers: [
      { kind: 'line', series: 2, isDashed: true, points: line(rows) },
      { kind: 'line', series: 1, points: line(counted) },
    ],
    legend: ['counted', 'extrapolated'],
  };
}

/** APCER by the time that liveness has had, worst species first. */
export function attackPlot(moments: readonly FusionRates[]): Plot {
  const species = Object.keys(moments.at(-1)?.apcer ?? {}).slice(0, 3);
  const series = [1, 2, 3] as const;
  return {
    title: 'Attacks taken for people',
    x: { title: 'seconds', low: 0, high: 10.5, ticks: [1, 2, 4, 10], format: String },
    y: {
      title: 'APCER at BPCER 5 %',
      low: 0,
      high: 0.35,
      ticks: [0, 0.05, 0.1, 0.2, 0.3],
      format: percent,
    },
    layers: species.flatMap((name, index) => {
      const at = series[index] ?? 1;
      const rateOf = ({ apcer }: FusionRates) => apcer[name] ?? { rate: 0, interval: [0, 1] };
      return [
        {
          kind: 'line',
          series: at,
          points: moments.map((moment): PlotPoint => [moment.seconds, rateOf(moment).rate]),
        } as const,
        ...moments.map((moment): Layer => {
          const { rate, interval } = rateOf(moment);
          return { kind: 'dot', series: at, x: moment.seconds + index * 0.12, y: rate, interval };
        }),
      ];
    }),
    legend: species,
  };
}

const scoresOf = ({ mated, nonMated }: AllComparisons) => ({
  mated: mated.similarity.toSorted(),
  nonMated: nonMated.similarity.toSorted(),
  matedNotAcquired: 0,
  nonMatedNotAcquired: 0,
});
