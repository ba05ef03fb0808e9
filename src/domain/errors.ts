/**
 * Every fault Portico can name. One row per code stands in the README (what happened, what the door
 * does, what to do); a test compares that table with this list.
 */
export const ERROR_CODES = [
  'PORTICO_CONFIG_INVALID',
  'PORTICO_CONFIG_UNREADABLE',
  'PORTICO_USAGE',
  'PORTICO_CAMERA_SPEC',
  'PORTICO_CAMERA_UNAVAILABLE',
  'PORTICO_CAMERA_STALLED',
  'PORTICO_CAMERA_FROZEN',
  'PORTICO_CAMERA_BLACK',
  'PORTICO_RELAY_SPEC',
  'PORTICO_RELAY_UNAVAILABLE',
  'PORTICO_RELAY_WRITE',
  'PORTICO_RELAY_REFUSED',
  'PORTICO_RELAY_UNEXPECTED',
  'PORTICO_DOOR_NOT_RELOCKED',
  'PORTICO_INPUT_SPEC',
  'PORTICO_INPUT_UNAVAILABLE',
  'PORTICO_MODEL_MANIFEST',
  'PORTICO_MODEL_MISSING',
  'PORTICO_MODEL_DOWNLOAD',
  'PORTICO_MODEL_CACHE',
  'PORTICO_MODEL_INTEGRITY',
  'PORTICO_MODEL_CONVERT',
  'PORTICO_MODEL_SHAPE',
  'PORTICO_MODEL_PROVIDER',
  'PORTICO_MODEL_RUN',
  'PORTICO_MODEL_CALIBRATION',
  'PORTICO_GRAPH_INVALID',
  'PORTICO_GRAPH_UNSUPPORTED',
  'PORTICO_NUMERIC_SHAPE',
  'PORTICO_STORE_MISSING',
  'PORTICO_STORE_CORRUPT',
  'PORTICO_STORE_FOREIGN',
  'PORTICO_STORE_NEWER',
  'PORTICO_STORE_KEY',
  'PORTICO_STORE_LOCKED',
  'PORTICO_STORE_WRITE',
  'PORTICO_STORE_UNKNOWN_IDENTITY',
  'PORTICO_CLOCK_UNTRUSTED',
  'PORTICO_CLOCK_UNSYNCHRONISED',
  'PORTICO_GALLERY_FULL',
  'PORTICO_GALLERY_NEARLY_FULL',
  'PORTICO_ENROL_REFUSED',
  'PORTICO_IMAGE_UNREADABLE',
  'PORTICO_VISION_FAILED',
  'PORTICO_KIOSK_UNAVAILABLE',
  'PORTICO_CONSOLE_UNAVAILABLE',
  'PORTICO_ART_UNAVAILABLE',
  'PORTICO_SITE_FILE',
  'PORTICO_SITE_UNREACHABLE',
  'PORTICO_SITE_REFUSED',
  'PORTICO_ROSTER_INCOMPLETE',
  'PORTICO_ROSTER_STALE',
  'PORTICO_HOME_SECRET',
  'PORTICO_HOME_UNREACHABLE',
  'PORTICO_EVALUATION_DATA',
  'PORTICO_HEALTH_UNAVAILABLE',
  'PORTICO_DISK_NEARLY_FULL',
  'PORTICO_TOO_HOT',
  'PORTICO_INVARIANT_UNREACHABLE',
  'PORTICO_INVARIANT_BROKEN',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ErrorDetails {
  /** What happened, naming the file, device or field. */
  readonly message: string;
  /** What the reader can do about it, as an imperative sentence. */
  readonly remedy: string;
  readonly cause?: unknown;
  readonly context?: Readonly<Record<string, string | number | boolean>>;
}

/** A fault: something only a failure can do. Expected outcomes are values, never errors. */
export class PorticoError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly context: Readonly<Record<string, string | number | boolean>>;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.remedy = details.remedy;
    this.context = details.context ?? {};
  }
}

export class ConfigError extends PorticoError {}
export class ModelError extends PorticoError {}
export class StoreError extends PorticoError {}
export class ProtocolError extends PorticoError {}
export class EvaluationError extends PorticoError {}
/** Our own defect: log it, deny, restart. */
export class InvariantError extends PorticoError {}

export interface DeviceErrorDetails extends ErrorDetails {
  readonly device: string;
  /** True when trying again may help (unplugged, busy); false when only a person can mend it. */
  readonly transient: boolean;
}

export class DeviceError extends PorticoError {
  readonly device: string;
  readonly transient: boolean;

  constructor(code: ErrorCode, details: DeviceErrorDetails) {
    super(code, details);
    this.device = details.device;
    this.transient = details.transient;
  }
}
