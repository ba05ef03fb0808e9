import type { DeviceCheck } from './composition.ts';

/** What is known of a Jetson before anything is tried on it. */
export interface JetsonFacts {
  /** First line of /etc/nv_tegra_release. */
  readonly release: string;
  /** What `nvpmodel -q` prints; undefined where it may not be asked. */
  readonly powerMode: string | undefined;
  /** Whether GStreamer has the element for ribbon cameras. */
  readonly hasArgus: boolean;
  readonly camera: string;
  readonly relay: string;
  readonly providers: readonly string[];
  readonly hasOwnEngine: boolean;
}

const JETPACKS: Readonly<Record<number, string>> = { 35: '5', 36: '6', 38: '7', 39: '7' };
const PAGE = 'docs/jetson.md';

/** The gaps of this board, each with what to do; pure. */
export function jetsonChecks(facts: JetsonFacts): readonly DeviceCheck[] {
  return [release(facts), power(facts), engine(facts), ...camera(facts), ...gpio(facts)];
}

interface Linux {
  readonly major: number;
  readonly minor: number;
}

function linuxOf({ release: line }: JetsonFacts): Linux | undefined {
  const [, major, minor] = /\bR(\d+) .*REVISION: (\d+)/.exec(line) ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

function release(facts: JetsonFacts): DeviceCheck {
  const linux = linuxOf(facts);
  const jetPack = linux === undefined ? undefined : JETPACKS[linux.major];
  if (linux === undefined || jetPack === undefined) {
    return warning('board', `an unknown Jetson Linux: ${facts.release}`, `See ${PAGE}.`);
  }
  const detail = `Jetson Linux ${linux.major}.${linux.minor}, JetPack ${jetPack}`;
  return jetPack === '6'
    ? well('board', detail)
    : warning('board', detail, `The installer is written for JetPack 6; see ${PAGE}.`);
}

function power({ powerMode }: JetsonFacts): DeviceCheck {
  const mode = /NV Power Mode: (\S+)/.exec(powerMode ?? '')?.[1];
  if (mode === undefined) return warning('power mode', 'not known', 'sudo nvpmodel -q');
  return mode.startsWith('MAXN')
    ? well('power mode', mode)
    : warning('power mode', mode, 'sudo nvpmodel -m 0, where supply and cooling allow it.');
}

/** The published package for this processor can use no GPU at all. */
function engine({ hasOwnEngine, providers }: JetsonFacts): DeviceCheck {
  const isCpuOnly = providers.every((provider) => provider === 'cpu');
  if (hasOwnEngine && !isCpuOnly) return well('accelerator', `own engine: ${providers.join(', ')}`);
  const detail = hasOwnEngine
    ? 'inference.engineModule is set, inference.providers names the processor alone'
    : 'the bundled engine of this processor runs on the CPU alone';
  return warning('accelerator', detail, `Build one with CUDA: ${PAGE}, "The GPU".`);
}

function camera({ camera: source, hasArgus }: JetsonFacts): readonly DeviceCheck[] {
  if (!source.startsWith('csi:')) return [];
  return hasArgus
    ? [well('ribbon camera', 'nvarguscamerasrc is there')]
    : [
        {
          part: 'ribbon camera',
          outcome: 'failed',
          detail: 'GStreamer has no nvarguscamerasrc',
          fix: 'sudo apt install nvidia-l4t-gstreamer',
        },
      ];
}

/** Reported for 36.0 to 36.4: a line that is let go leaves its pad, and floats up. */
function gpio(facts: JetsonFacts): readonly DeviceCheck[] {
  if (!facts.relay.startsWith('gpio:')) return [];
  const linux = linuxOf(facts);
  const isFloating = linux?.major === 36 && linux.minor < 5;
  return isFloating
    ? [
        warning(
          'GPIO pads',
          'before Jetson Linux 36.5 a pin may rise when its line is let go',
          'Upgrade, and keep the one-shot and the pull-down of device/README.md in any case.',
        ),
      ]
    : [];
}

const well = (part: string, detail: string): DeviceCheck => ({
  part,
  outcome: 'ok',
  detail,
  fix: '',
});

const warning = (part: string, detail: string, fix: string): DeviceCheck => ({
  part,
  outcome: 'warning',
  detail,
  fix,
});
