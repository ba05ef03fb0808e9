import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { DeviceError } from '../../src/domain/errors.ts';
import { failedWrite, unavailableRelay } from './relay-faults.ts';

/**
 * A serial port in raw 8N1 mode, without native code: `stty` sets the line once, Node's terminal
 * stream reads it without blocking a thread.
 */
export class SerialLine {
  readonly path: string;
  readonly #fd: number;
  readonly #stream: ReadStream;
  #isOpen = true;
  #onData: (bytes: Uint8Array) => void = () => {};
  #onLost: (detail: string) => void = () => {};

  private constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
    this.#stream = new ReadStream(fd);
    this.#stream.on('data', (bytes: Uint8Array) => this.#onData(bytes));
    this.#stream.on('error', (error) => this.#lost(error.message));
    this.#stream.on('end', () => this.#lost('hung up'));
  }

  /** @throws PORTICO_RELAY_UNAVAILABLE when the port is missing, forbidden or not a serial line */
  static async open(path: string, baud: number): Promise<SerialLine> {
    const fd = openPort(path);
    try {
      // While the port is open, so that no driver forgets the settings on the last close.
      await configure(path, baud);
      return new SerialLine(path, fd);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#onData = listener;
  }

  /** The port is gone: unplugged, hung up. Told once. */
  onLost(listener: (detail: string) => void): void {
    this.#onLost = listener;
  }

  /** @throws PORTICO_RELAY_WRITE when the port does not take every byte at once */
  write(bytes: Uint8Array): void {
    if (!this.#isOpen) throw failedWrite(this.path, 'the serial port is closed');
    let written: number;
    try {
      written = writeSync(this.#fd, bytes);
    } catch (error) {
      throw failedWrite(this.path, 'the serial port refuses to send', error);
    }
    if (written !== bytes.length) {
      throw failedWrite(this.path, `the serial port took ${written} of ${bytes.length} bytes`);
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#stream.destroy();
    try {
      closeSync(this.#fd);
    } catch {
      // the device is gone, and with it the descriptor's use
    }
  }

  #lost(detail: string): void {
    if (!this.#isOpen) return;
    this.close();
    this.#onLost(detail);
  }
}

function openPort(path: string): number {
  try {
    // O_NOCTTY: a serial line must not become our terminal. O_NONBLOCK: without it, opening waits
    // for a carrier that a relay board never raises.
    return openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (error) {
    throw openFault(path, error);
  }
}

function openFault(path: string, error: unknown): DeviceError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'EACCES' || code === 'EPERM') {
    return unavailableRelay(path, 'permission denied', {
      remedy: 'Add the user to the group dialout and log in again.',
      transient: false,
      cause: error,
    });
  }
  return unavailableRelay(path, `cannot be opened (${code})`, {
    remedy:
      'Plug the adapter in; see which ports exist: ls /dev/ttyUSB* /dev/ttyACM* /dev/serial/by-id.',
    transient: true,
    cause: error,
  });
}

function configure(path: string, baud: number): Promise<void> {
  const settings = ['raw', '-echo', 'cs8', '-cstopb', '-parenb', 'clocal', 'cread', '-crtscts'];
  return new Promise((resolve, reject) => {
    const args = ['-F', path, String(baud), ...settings, '-hupcl'];
    execFile('stty', args, { timeout: 2_000, killSignal: 'SIGKILL' }, (error, _out, stderr) => {
      if (error === null) resolve();
      else {
        reject(
          unavailableRelay(
            path,
            `stty failed: ${stderr.trim() === '' ? error.message : stderr.trim()}`,
            {
              remedy: 'Check that it is a serial port that knows the configured baud rate.',
              transient: true,
              cause: error,
            },
          ),
        );
      }
    });
  });
}
