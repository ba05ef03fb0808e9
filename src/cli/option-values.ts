import { PorticoError } from '../domain/errors.ts';

/** Reads the values of a command's options. */
export class OptionValues {
  readonly #command: string;

  /** @param command as it is typed, for the message: `portico art paint` */
  constructor(command: string) {
    this.#command = command;
  }

  /** @throws PORTICO_USAGE unless it is a number within the bounds */
  real(option: string, text: string, low: number, high: number): number {
    const value = Number(text);
    return text.trim() !== '' && value >= low && value <= high
      ? value
      : this.misuse(`${option} must be a number from ${low} to ${high}, it is "${text}"`);
  }

  /** @throws PORTICO_USAGE unless it is a whole number within the bounds */
  whole(option: string, text: string, low: number, high: number): number {
    const value = this.real(option, text, low, high);
    return Number.isInteger(value) ? value : this.misuse(`${option} must be a whole number`);
  }

  /** @throws PORTICO_USAGE unless it is one of the known words */
  oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
    return (
      known.find((each) => each === value) ??
      this.misuse(`${option} must be one of ${known.join(', ')}, it is "${value}"`)
    );
  }

  misuse(message: string): never {
    throw new PorticoError('PORTICO_USAGE', { message, remedy: `See: ${this.#command} --help` });
  }
}
