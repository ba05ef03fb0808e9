import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cacheDirectory, loadConfig } from '../../src/config/load.ts';
import { parseStatusReport, type StatusReport } from '../../src/health/status-report.ts';
import { modelsNeededBy } from '../../src/runtime/needed-models.ts';

/** The compiled command. */
export const PORTICO = fileURLToPath(new URL('../../src/main.js', import.meta.url));

/** Why no real gate with a test picture can run here; false when it can. */
export function gateCannotRun(): string | false {
  if (spawnSync('gst-launch-1.0', ['--version']).status !== 0) {
    return 'gstreamer1.0-tools is not installed';
  }
  const { stdout } = spawnSync(process.execPath, [PORTICO, '--json', 'models', 'ls'], {
    encoding: 'utf8',
  });
  const models: readonly { readonly id: string; readonly state: string }[] = JSON.parse(stdout);
  const needed = modelsNeededBy(loadConfig({ environment: {} }));
  const isPrepared = needed.every((id) =>
    models.some((model) => model.id === id && model.state === 'prepared'),
  );
  return isPrepared ? false : 'the models are not prepared (portico models prepare)';
}

/** What the gate on this port says of itself, once it does and the condition holds. */
export async function statusWhen(
  port: number,
  condition: (report: StatusReport) => boolean,
  log: () => string,
): Promise<StatusReport> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/status`);
      const report = parseStatusReport(await response.json());
      if (report !== undefined && condition(report)) return report;
    } catch {
      // Not there yet.
    }
    await delay(200);
  }
  return assert.fail(`no such status within a minute: ${log()}`);
}

/** A gate of its own, with its state in `folder`. */
export class RealGate {
  readonly child: ChildProcess;
  output = '';

  constructor(folder: string, config: string, environment: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [PORTICO, '--config', config, 'run'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        STATE_DIRECTORY: folder,
        CACHE_DIRECTORY: join(cacheDirectory(process.env), '..'),
        ...environment,
      },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
  }

  /** @returns the exit code */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
    }
    return this.child.exitCode;
  }
}
