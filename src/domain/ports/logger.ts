/** Never an image, an embedding, a name or a secret: identity ids are pseudonyms. */
export interface LogFields {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** error: someone must act; warn: degraded; info: state change or decision; debug: per frame. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}
