import { systemClock } from '../../device/index.ts';
import type { Config } from '../config/schema.ts';
import type { ArtControl } from '../domain/art.ts';
import { PorticoError, ProtocolError } from '../domain/errors.ts';
import type { Logger } from '../domain/ports/logger.ts';
import { CodeGuard } from '../home-assistant/code-guard.ts';
import { HomeAssistant } from '../home-assistant/home-assistant.ts';
import { readHomeBroker, readHomeCode } from '../home-assistant/home-secrets.ts';
import { readPainterFiles, shippedPainterDir } from '../inference/painter-file.ts';
import { mqttLinks } from '../messaging/broker/mqtt-link.ts';
import { systemRandom } from '../messaging/broker/retry-delays.ts';
import type { Gate } from '../runtime/gate.ts';
import type { GateWatcher } from '../runtime/gate-watcher.ts';

export interface OpenHome {
  /** Begins to speak; what goes wrong is the gate's fault to show, and stops nothing. */
  listen(gate: Gate): void;
  close(): Promise<void>;
}

export interface HomeSurroundings {
  readonly config: Config;
  readonly logger: Logger;
  readonly version: string;
  readonly modelsDir: string;
  readonly art: ArtControl | undefined;
}

/** The gate as a device of Home Assistant, as configured; undefined when that is switched off. */
export function openHome(around: HomeSurroundings): OpenHome | undefined {
  if (!around.config.homeAssistant.enabled) return undefined;
  let home: HomeAssistant | undefined;
  let endWatch = (): void => undefined;
  return {
    listen: (gate) => {
      try {
        home = homeOf(around, gate);
        endWatch = gate.watch(watcherFor(home));
        const door = gate.doorStatus;
        if (door !== undefined) home.noteDoor(door);
      } catch (error) {
        if (!(error instanceof PorticoError)) throw error;
        gate.faults.raise(error);
      }
    },
    close: async () => {
      endWatch();
      await home?.close();
    },
  };
}

const watcherFor = (home: HomeAssistant): GateWatcher => ({
  onDoor: (status) => home.noteDoor(status),
  onEvent: ({ event }) => home.noteEvent(event),
  onAttendance: (_attendance, observation) => home.noteFaces(observation?.faceCount ?? 0),
});

/** @throws PORTICO_HOME_SECRET */
function homeOf({ config, logger, version, modelsDir, art }: HomeSurroundings, gate: Gate) {
  const { homeAssistant: settings, gate: own, store, door } = config;
  const clock = systemClock;
  const { credentialsDirectory } = store;
  const broker = readHomeBroker({ ...settings, credentialsDirectory });
  return new HomeAssistant({
    clock,
    logger,
    random: systemRandom,
    openLink: mqttLinks({ broker, clock, logger, random: systemRandom }),
    gate: {
      openByOrder: (order) => gate.openByOrder(order),
      relock: () => gate.relock(),
      lockDown: () => gate.lockDown(),
      liftLockDown: () => gate.liftLockDown(),
      report: (event) => gate.report(event),
      faultCodes: () => gate.faults.codes(),
    },
    gateId: own.id,
    name: own.name,
    version,
    discoveryPrefix: settings.discoveryPrefix,
    guard: settings.allowsOpening
      ? new CodeGuard(readHomeCode({ ...settings, credentialsDirectory }), clock)
      : undefined,
    hasContact: door.inputs !== 'none:',
    art: art && { control: art, styles: stylesOf(config, modelsDir) },
    onConnection: (isUp, detail) => {
      if (isUp) gate.faults.clear('PORTICO_HOME_UNREACHABLE');
      else gate.faults.raise(unreachable(settings.broker, detail));
    },
  });
}

/** A slow painter takes its folder's pictures in turn; only the fast one can be told which. */
const stylesOf = ({ art }: Config, modelsDir: string): readonly string[] =>
  art.manner === 'fast'
    ? readPainterFiles(shippedPainterDir(modelsDir)).description.styles.map(({ name }) => name)
    : [];

const unreachable = (broker: string, detail: string): ProtocolError =>
  new ProtocolError('PORTICO_HOME_UNREACHABLE', {
    message: `the broker of Home Assistant, ${broker}, cannot be reached: ${detail}`,
    remedy: 'Check the broker and the network; the gate goes on trying by itself.',
  });
