import { type DestinationStream, pino } from 'pino';
import type { Logger } from '../domain/ports/logger.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Fields that must never reach a log, whatever a caller passes. */
const REDACTED_FIELDS = [
  'name',
  'embedding',
  'embeddings',
  'rgb',
  'key',
  'password',
  'photo',
  'image',
];

/** A logger whose level can change while it is in use. */
export interface AdjustableLogger extends Logger {
  level: string;
}

/** JSON lines, one per record, to the given stream (default: standard output). */
export function createLogger(level: LogLevel, destination?: DestinationStream): AdjustableLogger {
  const paths = REDACTED_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  const options = { level, redact: { paths, censor: '[redacted]' }, base: null };
  return destination === undefined ? pino(options) : pino(options, destination);
}
