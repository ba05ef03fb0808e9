import type { LogFields, Logger } from '../../src/domain/ports/logger.ts';

export interface LogRecord {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: LogFields;
  readonly message: string;
}

/** Remembers what was logged. */
export class RecordingLogger implements Logger {
  readonly records: LogRecord[] = [];

  debug(fields: LogFields, message: string): void {
    this.records.push({ level: 'debug', fields, message });
  }
  info(fields: LogFields, message: string): void {
    this.records.push({ level: 'info', fields, message });
  }
  warn(fields: LogFields, message: string): void {
    this.records.push({ level: 'warn', fields, message });
  }
  error(fields: LogFields, message: string): void {
    this.records.push({ level: 'error', fields, message });
  }
}
