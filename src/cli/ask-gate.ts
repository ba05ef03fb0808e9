import type { Config } from '../config/schema.ts';
import { PorticoError } from '../domain/errors.ts';
import { parseStatusReport, type StatusReport } from '../health/status-report.ts';

const ANSWERS_WITHIN_MS = 3_000;

/** How the gate that runs with this configuration is. @throws PORTICO_HEALTH_UNAVAILABLE when none of this version answers */
export async function askStatus(config: Config): Promise<StatusReport> {
  let cause: unknown;
  try {
    const report = parseStatusReport(JSON.parse(await answer(config, 'status')));
    if (report !== undefined) return report;
  } catch (error) {
    cause = error;
  }
  throw new PorticoError('PORTICO_HEALTH_UNAVAILABLE', {
    message: `no gate of this version answers at ${addressOf(config, 'status')}`,
    remedy: 'Start it (`systemctl status portico`), and ask with the configuration it runs with.',
    cause,
  });
}

/** Its page of metrics. @throws whatever the network throws when no gate runs */
export const askMetrics = (config: Config): Promise<string> => answer(config, 'metrics');

async function answer(config: Config, page: string): Promise<string> {
  const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
  const response = await fetch(addressOf(config, page), { signal });
  return response.text();
}

function addressOf({ health }: Config, page: string): string {
  const host = health.host.includes(':') ? `[${health.host}]` : health.host;
  return `http://${host}:${health.port}/${page}`;
}
