import { readFileSync } from 'node:fs';
import { cpuUsage, memoryUsage, resourceUsage } from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Logger } from '../../domain/ports/logger.ts';
import { parseGatePassport } from '../../messaging/site/site-files.ts';
import { TrialGate } from './trial-gate.ts';
import { parseTrialOrder, type TrialNews, type TrialReport } from './trial-messages.ts';

export interface TrialGatesParts {
  /** For the gates' stores. */
  readonly folder: string;
  readonly orders: Readable;
  readonly onNews: (news: TrialNews) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Several gates in this process, until the orders end. */
export async function runTrialGates(parts: TrialGatesParts): Promise<void> {
  const gates: TrialGate[] = [];
  try {
    for await (const line of createInterface({ input: parts.orders })) {
      const order = parseTrialOrder(line);
      switch (order.kind) {
        case 'start':
          for (const path of order.passports) gates.push(await startGate(path, parts));
          break;
        case 'visit':
          for (const gate of gates) gate.visit(order.identityId, Float32Array.from(order.probe));
          break;
        case 'report':
          parts.onNews(reportOf(gates));
          break;
      }
    }
  } finally {
    await Promise.all(gates.map((gate) => gate.close()));
  }
}

function startGate(path: string, parts: TrialGatesParts): Promise<TrialGate> {
  const passport = parseGatePassport(readFileSync(path, 'utf8'));
  const { folder, clock, logger, onNews } = parts;
  return TrialGate.start({ passport, folder, clock, logger, onNews });
}

function reportOf(gates: readonly TrialGate[]): TrialReport {
  const sum = (of: (gate: TrialGate) => number): number =>
    gates.reduce((total, gate) => total + of(gate), 0);
  const { user, system } = cpuUsage();
  return {
    kind: 'report',
    gates: gates.length,
    connected: sum(({ isConnected }) => Number(isConnected)),
    current: sum(({ isCurrent }) => Number(isCurrent)),
    people: sum(({ people }) => people),
    cpuMs: (user + system) / 1_000,
    rssBytes: memoryUsage.rss(),
    peakRssBytes: resourceUsage().maxRSS * 1_024,
    recordMessages: sum(({ counts }) => counts.recordMessages),
    otherMessages: sum(({ counts }) => counts.otherMessages),
    payloadBytes: sum(({ counts }) => counts.payloadBytes),
    events: {
      last: sum((gate) => gate.events().last),
      acknowledged: sum((gate) => gate.events().acknowledged),
    },
  };
}
