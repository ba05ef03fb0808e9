import type { ClipOutcomes, ClipsReport } from './clips-report.ts';
import type { Proportion } from './presentation-attack-rates.ts';
import { renderTable } from './render-table.ts';

const HEADER = ['', 'let in', '95 % interval', 'refused', 'challenged', 'clips'];

/** The result of `portico evaluate clips` for people. */
export function renderClipsReport(report: ClipsReport): string {
  const { bonaFide, attacks, allAttacks, letIn } = report;
  const rows = [
    ...(bonaFide === undefined ? [] : [rowOf('bona-fide', bonaFide)]),
    ...Object.entries(attacks).map(([species, outcomes]) => rowOf(species, outcomes)),
    ...(allAttacks === undefined ? [] : [rowOf('all attacks', allAttacks)]),
  ];
  return [
    `${report.clips} generated clips of ${report.persons} people: a test of the code, no proof`,
    '',
    renderTable(HEADER, rows),
    ...(bonaFide === undefined ? [] : ['', promptLine(bonaFide)]),
    ...letIn.map(
      ({ species, person, seed, atMs, because }) =>
        `  let in: ${species} of ${person}, seed ${seed}, after ${atMs?.toFixed(0) ?? '-'} ms: ${Object.entries(
          because,
        )
          .map(([cue, value]) => `${cue} ${value}`)
          .join(', ')}`,
    ),
  ].join('\n');
}

function rowOf(name: string, { letIn, refused, challenged }: ClipOutcomes): readonly string[] {
  const { interval, trials } = letIn;
  return [
    name,
    percent(letIn),
    `${(100 * interval[0]).toFixed(1)}-${(100 * interval[1]).toFixed(1)}`,
    percent(refused),
    percent(challenged),
    String(trials),
  ];
}

function promptLine({ prompt, p50Ms, p95Ms }: NonNullable<ClipsReport['bonaFide']>): string {
  const ms = (value: number | undefined): string =>
    value === undefined ? '-' : `${value.toFixed(0)} ms`;
  return `Bona fide let in by looking on within 2.5 s: ${percent(prompt)}; half of those let in by ${ms(p50Ms)}, 95 % by ${ms(p95Ms)}. The others are asked for a challenge.`;
}

const percent = ({ rate }: Proportion): string => `${(100 * rate).toFixed(1)} %`;
