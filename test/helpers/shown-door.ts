import { systemClock as clock } from '../../device/clock/system-clock.ts';
import { Door } from '../../src/access/door.ts';
import type { ArtControl, ArtSettings, ArtTitle } from '../../src/domain/art.ts';
import type { GateEvent } from '../../src/domain/events.ts';
import { CodeGuard } from '../../src/home-assistant/code-guard.ts';
import { HomeAssistant } from '../../src/home-assistant/home-assistant.ts';
import type { BrokerEndpoint } from '../../src/messaging/broker/broker-link.ts';
import { mqttLinks } from '../../src/messaging/broker/mqtt-link.ts';
import { seededRandom } from '../../src/numeric/random.ts';
import { POLICY } from './door-stand.ts';
import { RecordingLogger } from './recording-logger.ts';
import { ScriptedInputs } from './scripted-inputs.ts';
import { ScriptedRelay } from './scripted-relay.ts';

/** The wall's art, with nobody who paints. */
export class PlainWall implements ArtControl {
  settings: ArtSettings = { isOn: true, manner: 'fast', style: 'every', intervalS: 120 };
  title: ArtTitle | undefined;
  readonly #listeners = new Set<(title: ArtTitle | undefined) => void>();

  change(changes: Partial<ArtSettings>): void {
    this.settings = { ...this.settings, ...changes };
  }

  onTitle(listener: (title: ArtTitle | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  hang(title: ArtTitle): void {
    this.title = title;
    for (const listener of this.#listeners) listener(title);
  }
}

/** A real door over a relay that remembers, shown to a house over a real broker. */
export interface ShownDoor {
  readonly relay: ScriptedRelay;
  readonly inputs: ScriptedInputs;
  readonly door: Door;
  readonly home: HomeAssistant;
  readonly wall: PlainWall;
  readonly events: readonly GateEvent[];
  readonly faults: string[];
  /** An event of the gate that does not come from the door. */
  tell(event: GateEvent): void;
  close(): Promise<void>;
}

export async function aShownDoor(
  broker: BrokerEndpoint,
  code: string | undefined,
): Promise<ShownDoor> {
  const logger = new RecordingLogger();
  const relay = new ScriptedRelay(clock);
  const inputs = new ScriptedInputs();
  const wall = new PlainWall();
  const events: GateEvent[] = [];
  const faults: string[] = [];
  let home: HomeAssistant | undefined;
  const tell = (event: GateEvent): void => {
    events.push(event);
    home?.noteEvent(event);
  };
  const door = await Door.start({
    relay,
    inputs,
    clock,
    policy: { ...POLICY, pulseMs: 1_000, duty: { ...POLICY.duty, minIntervalMs: 100 } },
    listener: { onEvent: tell, onStatus: (status) => home?.noteDoor(status) },
    log: logger,
    isLockedDown: false,
  });
  home = new HomeAssistant({
    clock,
    logger,
    random: () => 0,
    openLink: mqttLinks({ broker, clock, logger, random: seededRandom(1) }),
    gate: {
      openByOrder: (order) => door.openByOrder(order),
      relock: () => door.relock(),
      lockDown: () => door.lockDown(),
      liftLockDown: () => door.liftLockDown(),
      report: tell,
      faultCodes: () => faults,
    },
    gateId: 'gate-1',
    name: 'Front door',
    version: 'test',
    discoveryPrefix: 'homeassistant',
    guard: code === undefined ? undefined : new CodeGuard(code, clock),
    hasContact: true,
    art: { control: wall, styles: ['waves', 'reeds'] },
    onConnection: () => undefined,
  });
  home.noteDoor(door.status());
  const shown = home;
  const close = async (): Promise<void> => {
    await shown.close();
    await door.close();
  };
  return { relay, inputs, door, home, wall, events, faults, tell, close };
}
