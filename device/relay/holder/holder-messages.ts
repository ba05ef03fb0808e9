import type { RelayState } from '../../../src/domain/ports/relay.ts';

/** Gate to holder, one per line. A line without its end (the gate died writing it) is no command. */
export type HolderCommand =
  | { readonly kind: 'pulse'; readonly id: number; readonly durationMs: number }
  | { readonly kind: 'release'; readonly id: number };

/** Holder to gate, one per line. */
export type HolderReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'state'; readonly state: RelayState }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'refused' | 'failed'; readonly id: number; readonly detail: string }
  | {
      readonly kind: 'fault';
      readonly transient: boolean;
      readonly detail: string;
      readonly remedy: string;
    };

export function formatCommand(command: HolderCommand): string {
  const duration = command.kind === 'pulse' ? ` ${command.durationMs}` : '';
  return `${command.kind} ${command.id}${duration}\n`;
}

/** Undefined for anything that is not exactly a command. */
export function parseCommand(line: string): HolderCommand | undefined {
  const pulse = /^pulse (\d{1,9}) (\d{1,7})$/.exec(line);
  if (pulse !== null) {
    return { kind: 'pulse', id: Number(pulse[1]), durationMs: Number(pulse[2]) };
  }
  const release = /^release (\d{1,9})$/.exec(line);
  return release === null ? undefined : { kind: 'release', id: Number(release[1]) };
}

export function formatReport(report: HolderReport): string {
  return `${reportWords(report).join('\t').replaceAll('\n', ' ')}\n`;
}

function reportWords(report: HolderReport): readonly string[] {
  switch (report.kind) {
    case 'ready':
      return [report.kind];
    case 'state':
      return [report.kind, report.state];
    case 'done':
      return [report.kind, String(report.id)];
    case 'refused':
    case 'failed':
      return [report.kind, String(report.id), report.detail];
    case 'fault':
      return [report.kind, String(report.transient), report.detail, report.remedy];
  }
}

/** Undefined for anything that is not a report. */
export function parseReport(line: string): HolderReport | undefined {
  const [kind = '', first, second, third] = line.split('\t');
  switch (kind) {
    case 'ready':
      return { kind };
    case 'state':
      return first === 'released' || first === 'energised' || first === 'unknown'
        ? { kind, state: first }
        : undefined;
    case 'done':
      return isId(first) ? { kind, id: Number(first) } : undefined;
    case 'refused':
    case 'failed':
      return isId(first) ? { kind, id: Number(first), detail: second ?? '' } : undefined;
    case 'fault':
      return {
        kind,
        transient: first !== 'false',
        detail: second ?? '',
        remedy: third ?? '',
      };
    default:
      return undefined;
  }
}

const isId = (text: string | undefined): boolean => text !== undefined && /^\d{1,9}$/.test(text);
