import { systemClock } from '../../device/index.ts';
import type { Config } from '../config/schema.ts';
import { LocalClock } from '../decision/local-time.ts';
import type { Logger } from '../domain/ports/logger.ts';
import { ArtDesk, type ArtProbe } from '../idle/gate/art-desk.ts';
import { type ArtShelf, recallArtSettings, rememberArtSettings } from '../idle/gate/art-memory.ts';
import type { FrameRule } from '../idle/gate/frame-release.ts';
import { ArtServer } from '../idle/link/art-server.ts';
import type { Gate } from '../runtime/gate.ts';
import type { GateWatcher } from '../runtime/gate-watcher.ts';
import type { FrameSlots } from '../vision/frame-slots.ts';

export interface OpenArt {
  /** For the page, and for whoever changes its settings. */
  readonly desk: ArtDesk;
  /** Tells it who is there. */
  readonly watcher: GateWatcher;
  /** Begins to listen; what goes wrong is the gate's fault to show, and heals by itself. */
  listen(gate: Pick<Gate, 'faults'>): Promise<void>;
  close(): Promise<void>;
}

export interface ArtSurroundings {
  readonly config: Config;
  readonly slots: FrameSlots;
  readonly store: ArtShelf;
  readonly logger: Logger;
  readonly isWatched: () => boolean;
  readonly probe: ArtProbe | undefined;
}

const FRAME_RULES = {
  gallery: 'none',
  'camera-without-faces': 'without-faces',
  camera: 'every',
} as const satisfies Record<Config['art']['content'], FrameRule>;

/** The gate's side of the art, as configured; undefined when it is switched off. */
export function openArt(around: ArtSurroundings): OpenArt | undefined {
  const { config, slots, store, logger, isWatched, probe } = around;
  const { art, gate, kiosk } = config;
  if (!art.enabled || !kiosk.enabled) return undefined;
  const clock = systemClock;
  const local = new LocalClock(gate.timeZone);
  const { manner, style, intervalS } = art;
  const configured = { isOn: true, manner, style, intervalS };
  const desk = new ArtDesk({
    clock,
    logger,
    frameRule: FRAME_RULES[art.content],
    frames: { size: slots.size, copyNewest: (into) => slots.copyNewest(into) },
    settings: recallArtSettings(store, configured),
    onSettings: (changed) => rememberArtSettings(store, logger, { configured, changed }),
    hours: art.hours,
    night: art.night,
    resumeAfterMs: art.resumeAfterS * 1_000,
    minuteOfDay: () => local.read(clock.wall())?.minute,
    isWatched: () => probe !== undefined || isWatched(),
    probe,
  });
  let server: ArtServer | undefined;
  return {
    desk,
    watcher: {
      onAttendance: ({ step }, observation) =>
        desk.observe(observation, step.advice.kind === 'idle'),
    },
    listen: ({ faults }) => {
      server = new ArtServer({
        path: art.socket,
        clock,
        onConnection: (socket) => desk.meet(socket),
        onFault: (fault) => faults.raise(fault),
        onOpen: () => faults.clear('PORTICO_ART_UNAVAILABLE'),
      });
      return server.open();
    },
    close: async () => {
      desk.close();
      await server?.close();
    },
  };
}
