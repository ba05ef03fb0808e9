import type { ArtPicture, ArtTitle } from '../domain/art.ts';
import type { DenyReason } from '../domain/deny-reasons.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { WallMs } from '../domain/units.ts';
import type {
  KioskAdvice,
  KioskDoorState,
  KioskFace,
  KioskMode,
  KioskRelayState,
  KioskState,
  KioskSteps,
} from './kiosk-state.ts';

export const KIOSK_LANGUAGES = ['en', 'zh-Hans'] as const;
export type KioskLanguage = (typeof KIOSK_LANGUAGES)[number];

/** What the page is told besides the state; the same for the life of the kiosk. */
export interface KioskSettings {
  readonly siteName: string;
  readonly gateName: string;
  /** 'auto': the browser's own language; `?lang=` on the page's address wins over both. */
  readonly language: KioskLanguage | 'auto';
  /** IANA name; absent: the browser's own. */
  readonly timeZone?: string;
  /** Show the visitor as a mirror would. */
  readonly mirrored: boolean;
  /** Greet people by name; without it no name ever leaves the gate. */
  readonly showNames: boolean;
}

/** The picture on the wall while nobody is there. */
export interface KioskArt extends ArtTitle {
  readonly fadeMs: number;
  /** Its JPEG follows the header; else the page has it already. */
  readonly isAttached: boolean;
}

/** The header of every message to the page. What is not listed here cannot reach a browser. */
export interface KioskHeader {
  /** Counts messages on this connection; the page sends it back as its acknowledgement. */
  readonly number: number;
  /** Sequence of the camera frame that follows the header, if one does. */
  readonly frame: number | undefined;
  /** Absent: the page draws its plain idle picture. */
  readonly art: KioskArt | undefined;
  /** Of the wall, in (0, 1]. */
  readonly brightness: number;
  readonly wallMs: WallMs;
  readonly mode: KioskMode;
  readonly reason: DenyReason | undefined;
  readonly advice: KioskAdvice | undefined;
  readonly steps: KioskSteps | undefined;
  readonly face: KioskFace | undefined;
  readonly door: KioskDoorState;
  readonly relay: KioskRelayState;
  readonly faults: readonly ErrorCode[];
  readonly livenessWaiver: string | undefined;
  readonly welcomeName: string | undefined;
  readonly siteName: string;
  readonly gateName: string;
  readonly language: KioskLanguage | 'auto';
  readonly timeZone: string | undefined;
  readonly mirrored: boolean;
}

export interface CameraPicture {
  readonly sequence: number;
  readonly jpeg: Uint8Array;
}

const NAME_CHARACTERS = 40;
const WAIVER_CHARACTERS = 160;
const TITLE_CHARACTERS = 60;
const FAULTS_SHOWN = 3;
const LENGTH_BYTES = 4;

/** Field by field, so that a property added to the state elsewhere cannot leak to the page. */
export function composeHeader(
  state: KioskState,
  settings: KioskSettings,
  envelope: {
    readonly number: number;
    readonly frame: number | undefined;
    readonly wallMs: WallMs;
    readonly wall?: { readonly picture: ArtPicture; readonly isAttached: boolean } | undefined;
    readonly brightness?: number;
  },
): KioskHeader {
  const greets = settings.showNames && state.mode === 'welcome';
  return {
    number: envelope.number,
    frame: envelope.frame,
    art: envelope.wall === undefined ? undefined : artOf(envelope.wall),
    brightness: envelope.brightness ?? 1,
    wallMs: envelope.wallMs,
    mode: state.mode,
    reason: state.reasons[0],
    advice: state.advice,
    steps: state.steps === undefined ? undefined : copySteps(state.steps),
    face: state.face === undefined ? undefined : copyFace(state.face),
    door: state.door,
    relay: state.relay,
    faults: state.faults.slice(0, FAULTS_SHOWN),
    livenessWaiver: shorten(state.livenessWaiver, WAIVER_CHARACTERS),
    welcomeName: greets ? shorten(state.welcomeName, NAME_CHARACTERS) : undefined,
    siteName: settings.siteName,
    gateName: settings.gateName,
    language: settings.language,
    timeZone: settings.timeZone,
    mirrored: settings.mirrored,
  };
}

/** Length of the header as uint32 little-endian, the header as UTF-8 JSON, then the JPEG if any. */
export function encodeMessage(header: KioskHeader, jpeg: Uint8Array | undefined): Buffer {
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const message = Buffer.allocUnsafe(LENGTH_BYTES + json.length + (jpeg?.length ?? 0));
  message.writeUInt32LE(json.length, 0);
  json.copy(message, LENGTH_BYTES);
  if (jpeg !== undefined) message.set(jpeg, LENGTH_BYTES + json.length);
  return message;
}

function artOf({
  picture: { title, fadeMs },
  isAttached,
}: {
  readonly picture: ArtPicture;
  readonly isAttached: boolean;
}): KioskArt {
  const { style, manner, subject } = title;
  const named = {
    style: shorten(style, TITLE_CHARACTERS) ?? '',
    manner,
    ...(subject === undefined ? {} : { subject: shorten(subject, TITLE_CHARACTERS) ?? '' }),
  };
  return { ...named, fadeMs, isAttached };
}

function copyFace({ x, y, width, height, progress }: KioskFace): KioskFace {
  return { x, y, width, height, progress };
}

function copySteps({ done, total }: KioskSteps): KioskSteps {
  return { done, total };
}

/** Counts characters as readers do, so that no name is cut inside a surrogate pair. */
function shorten(text: string | undefined, limit: number): string | undefined {
  if (text === undefined) return undefined;
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}
