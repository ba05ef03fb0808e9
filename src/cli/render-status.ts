import type { StatusReport } from '../health/status-report.ts';
import type { Terminal } from './terminal.ts';

const MEBIBYTE = 1_048_576;
const STYLE = { working: 'green', degraded: 'yellow', stalled: 'red' } as const;

/** The page of `portico status`. */
export function renderStatus(report: StatusReport, terminal: Terminal): string {
  const { condition, version, upForMs, provider = 'none', door, decisions, faults } = report;
  const head =
    `${terminal.style(STYLE[condition], condition)}  version ${version}, ` +
    `up ${duration(upForMs)}, inference on ${provider}`;
  const doorWords =
    door === undefined
      ? 'unknown'
      : `${door.state}, contact ${door.contact}${door.isLockedDown ? ', locked down' : ''}`;
  return [
    head,
    ...(report.livenessWaiver === undefined
      ? []
      : [terminal.style('yellow', `liveness waived: ${report.livenessWaiver}`)]),
    '',
    `door       ${doorWords}`,
    ...siteLines(report.site),
    `decisions  ${decisions.granted} granted, ${decisions.denied} denied since the start`,
    `machine    ${machineWords(report.machine)}`,
    `faults     ${faults.length === 0 ? 'none' : terminal.style('red', faults.join(', '))}`,
    '',
    terminal.table(
      ['stage', 'last work', 'note'],
      report.stages.map(({ stage, ageMs, isLate }) => [
        stage,
        ageMs === undefined ? 'never' : `${duration(ageMs)} ago`,
        isLate ? 'late' : '',
      ]),
    ),
    '',
    terminal.table(
      ['network', 'runs on', 'threads'],
      (report.networks ?? []).map(({ modelId, provider, threads = '' }) => [
        modelId,
        provider,
        threads,
      ]),
    ),
    '',
    terminal.table(
      ['time per frame', 'median ms', '95 % ms'],
      Object.entries(report.latencyMs).map(([stage, { p50, p95 }]) => [
        stage,
        p50.toFixed(1),
        p95.toFixed(1),
      ]),
    ),
  ].join('\n');
}

function machineWords({
  residentBytes,
  freeBytes,
  hottestC,
  isThrottled,
}: StatusReport['machine']): string {
  return [
    `${Math.round(residentBytes / MEBIBYTE)} MiB resident`,
    ...(freeBytes === undefined
      ? []
      : [`${Math.round(freeBytes / MEBIBYTE)} MiB free for the store`]),
    ...(hottestC === undefined ? [] : [`${hottestC.toFixed(0)} °C`]),
    ...(isThrottled === true ? ['slowed down for its heat'] : []),
  ].join(', ');
}

function duration(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

function siteLines(site: StatusReport['site']): readonly string[] {
  if (site === undefined) return [];
  const { isConnected, heardAgoMs, standing, epoch, people, waitingEvents, refusals, pictures } =
    site;
  const heard = heardAgoMs === undefined ? 'never heard' : `heard ${duration(heardAgoMs)} ago`;
  const refused = Object.entries(refusals).map(([reason, count]) => `${reason} ${count}`);
  return [
    `site       ${site.gateId} of ${site.site}, ${isConnected ? 'connected' : 'broker away'}, ${heard}`,
    `roster     ${standing}, epoch ${epoch}, ${people} people`,
    `outbox     ${waitingEvents} events wait for safe keeping`,
    ...pictureLines(pictures),
    ...(refused.length === 0 ? [] : [`not obeyed ${refused.join(', ')}`]),
  ];
}

function pictureLines(pictures: NonNullable<StatusReport['site']>['pictures']): readonly string[] {
  if (pictures === undefined) return [];
  const lost = Object.entries(pictures.lost).map(([reason, count]) => `${reason} ${count}`);
  const losses = lost.length === 0 ? '' : `; lost: ${lost.join(', ')}`;
  return [`pictures   ${pictures.waiting} wait for an auditor${losses}`];
}
