import type { Drill, Outcome } from './drill.ts';

export interface Installed {
  readonly kernel: string;
  readonly systemd: string;
  readonly release: string;
  /** What the service manager says of the units: from 0, shut off, to 10, may do everything. */
  readonly exposure: readonly {
    readonly unit: string;
    readonly level: number;
    readonly verdict: string;
  }[];
  /** By the machine's clock: from the installer's start to its end, the gate healthy. */
  readonly installS: number;
  /** From the power to the first working gate after a person was enrolled. */
  readonly bootS: number;
}

export type DrillResult = Pick<Drill, 'name' | 'fault'> &
  ({ readonly outcome: Outcome } | { readonly failure: string });

export interface BenchRun {
  readonly accelerator: 'kvm' | 'tcg';
  readonly wallMinutes: number;
  readonly installed: Installed;
  readonly results: readonly DrillResult[];
}

const seconds = (value: number | undefined): string =>
  value === undefined ? '' : value.toFixed(1);

function row(result: DrillResult): string {
  const { name, fault } = result;
  if ('failure' in result) {
    return `| ${name} | ${fault} | **failed**: ${oneLine(result.failure)} | | | |`;
  }
  const { did, safeAfterS, noticedAfterS, restoredAfterS } = result.outcome;
  const times = [safeAfterS, noticedAfterS, restoredAfterS].map(seconds);
  return `| ${name} | ${fault} | ${did} | ${times.join(' | ')} |`;
}

const oneLine = (text: string): string => (text.split('\n')[0] ?? '').replaceAll('|', '/');

/** The run as Markdown. */
export function benchReport(run: BenchRun): string {
  const { installed, results } = run;
  const passed = results.filter((result) => 'outcome' in result).length;
  return `${passed} of ${results.length} drills passed. Release ${installed.release}, Linux ${installed.kernel}, systemd ${installed.systemd}, ${run.accelerator}; ${run.wallMinutes.toFixed(0)} minutes.
The installer took ${installed.installS.toFixed(0)} s; from power to a working gate it takes ${installed.bootS.toFixed(0)} s. All times are by the machine's own clock.

| drill | fault | what the gate did | strike off after (s) | noticed after (s) | restored after (s) |
| --- | --- | --- | ---: | ---: | ---: |
${results.map(row).join('\n')}

| unit | exposure (\`systemd-analyze security\`) |
| --- | --- |
${installed.exposure.map(({ unit, level, verdict }) => `| ${unit} | ${level.toFixed(1)} ${verdict} |`).join('\n')}
`;
}
