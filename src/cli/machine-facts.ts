import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem, uptime } from 'node:os';
import type { Config } from '../config/schema.ts';
import { askProgram } from './ask-program.ts';
import type { JetsonFacts } from './jetson-checks.ts';

const MEBIBYTE = 1_048_576;

const JETSON_RELEASE = '/etc/nv_tegra_release';

/** What a Jetson says of itself; undefined on any other machine. */
export async function jetsonFacts(config: Config): Promise<JetsonFacts | undefined> {
  const release = firstLine(textOf(JETSON_RELEASE));
  if (release === undefined) return undefined;
  const argus = await askProgram('gst-inspect-1.0', ['nvarguscamerasrc']);
  return {
    release,
    powerMode: await askProgram('nvpmodel', ['-q']),
    hasArgus: argus !== undefined,
    camera: config.camera.source,
    relay: config.door.relay,
    providers: config.inference.providers,
    hasOwnEngine: config.inference.engineModule !== undefined,
  };
}

/** What machine this is and what runs on it: nothing by which it could be told from its like. */
export async function machineFacts(): Promise<Readonly<Record<string, unknown>>> {
  const [systemd, gstreamer, libgpiod] = await Promise.all(
    (['systemctl', 'gst-launch-1.0', 'gpioset'] as const).map(async (program) =>
      firstLine(await askProgram(program, ['--version'])),
    ),
  );
  return {
    node: process.versions.node,
    platform: `${platform()} ${arch()}`,
    kernel: release(),
    distribution: /^PRETTY_NAME="?([^"\n]*)/m.exec(textOf('/etc/os-release') ?? '')?.[1],
    board: textOf('/proc/device-tree/model')?.replaceAll('\0', ''),
    jetsonLinux: firstLine(textOf(JETSON_RELEASE)),
    processors: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    memoryMiB: Math.round(totalmem() / MEBIBYTE),
    upForS: Math.round(uptime()),
    load: loadavg().map((load) => Number(load.toFixed(2))),
    systemd,
    gstreamer,
    libgpiod,
  };
}

const firstLine = (text: string | undefined): string | undefined => text?.split('\n', 1)[0];

const textOf = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8') : undefined;
