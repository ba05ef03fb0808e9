import { constants, setPriority } from 'node:os';
import type { Clock } from '../../../src/domain/ports/clock.ts';
import type { HeldOutput } from './held-output.ts';
import { Holder } from './holder.ts';
import { formatReport } from './holder-messages.ts';
import { LineSplitter } from './line-splitter.ts';

/** The parts of a process that a holder uses. */
export interface HolderProcess {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  exit(code: number): void;
}

/** The output is off long before; this only bounds a holder whose hardware hangs. */
const SHUT_DOWN_LIMIT_MS = 3_000;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Lets a holder live as long as its standard input, and no longer. */
export async function runHolder(
  process: HolderProcess,
  parts: { readonly output: HeldOutput; readonly clock: Clock; readonly maxPulseMs: number },
): Promise<void> {
  const { stdin, stdout } = process;
  outrankVision();
  const holder = new Holder({
    ...parts,
    report: (report) => {
      stdout.write(formatReport(report));
    },
  });
  let isEnding = false;
  const end = (code: number): void => {
    if (isEnding) return;
    isEnding = true;
    parts.clock.after(SHUT_DOWN_LIMIT_MS, () => process.exit(code));
    holder.shutDown().then(
      () => process.exit(code),
      () => process.exit(1),
    );
  };
  stdout.on('error', () => {}); // the gate is gone; standard input says so too
  for (const signal of SIGNALS) process.on(signal, () => end(0));
  process.on('uncaughtException', () => end(1));
  process.on('unhandledRejection', () => end(1));
  const lines = new LineSplitter((line) => {
    holder.receive(line).catch(() => end(1));
  });
  stdin.setEncoding('utf8');
  stdin.on('data', (text) => lines.push(String(text)));
  stdin.on('end', () => end(0));
  stdin.on('error', () => end(1));
  await holder.start();
}

/** Ending a pulse must not queue behind the vision worker; the programs we start inherit this. */
function outrankVision(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGH);
  } catch {
    // needs root or LimitNICE= in the unit: without it the switch-off is only as prompt as others
  }
}
