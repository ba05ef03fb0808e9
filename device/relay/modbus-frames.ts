/**
 * Modbus RTU frames of a relay board: address, function, data, CRC-16 with its low byte first.
 * Source: Modbus over serial line V1.02, section 2.5; flash registers: data sheets of boards with a
 * "flash on" command (function 05 at 0x0200 + channel, value in units of 100 ms).
 */

/** Unit of the board's own flash timer. */
export const FLASH_UNIT_MS = 100;
/** Largest value the flash register takes. */
export const MAX_FLASH_UNITS = 0x7fff;
/** Start of the registers that energise a channel for a time that the board itself measures. */
const FLASH_ON = 0x0200;

export type ModbusReply =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'garbage'; readonly detail: string }
  | { readonly kind: 'exception'; readonly code: number; readonly meaning: string }
  | { readonly kind: 'echo' }
  | { readonly kind: 'coils'; readonly bits: number };

/** CRC-16/MODBUS: reflected polynomial 0xA001, start 0xFFFF. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

export const flashOn = (unit: number, channel: number, units: number): Uint8Array =>
  request(unit, 0x05, FLASH_ON + channel, units);
export const coilOff = (unit: number, channel: number): Uint8Array =>
  request(unit, 0x05, channel, 0);
export const readCoil = (unit: number, channel: number): Uint8Array =>
  request(unit, 0x01, channel, 1);

/** Judges what has arrived so far as the reply to `sent`. */
export function parseReply(sent: Uint8Array, received: Uint8Array): ModbusReply {
  const functionCode = sent[1] ?? 0;
  if (received.length < 2) return { kind: 'incomplete' };
  if (received[0] !== sent[0]) return garbage('a reply of another unit', received);
  const isException = received[1] === (functionCode | 0x80);
  if (!isException && received[1] !== functionCode) {
    return garbage('a reply to another function', received);
  }
  const length = replyLength(functionCode, isException, received);
  if (received.length < length) return { kind: 'incomplete' };
  if (received.length > length) return garbage('more bytes than the reply has', received);
  const body = received.subarray(0, length - 2);
  const crc = (received[length - 2] ?? 0) | ((received[length - 1] ?? 0) << 8);
  if (crc !== crc16(body)) return garbage('a wrong checksum', received);
  if (isException) {
    const code = received[2] ?? 0;
    return { kind: 'exception', code, meaning: EXCEPTIONS[code] ?? 'unknown exception' };
  }
  if (functionCode === 0x01) {
    return body[2] === 1
      ? { kind: 'coils', bits: body[3] ?? 0 }
      : garbage('another number of coils', received);
  }
  return body.every((byte, index) => byte === sent[index])
    ? { kind: 'echo' }
    : garbage('an echo of another command', received);
}

/** Modbus application protocol V1.1b3, section 7. */
const EXCEPTIONS: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'server device failure',
  5: 'acknowledge',
  6: 'server device busy',
};

function request(unit: number, functionCode: number, address: number, value: number): Uint8Array {
  const body = [unit, functionCode, address >> 8, address & 0xff, value >> 8, value & 0xff];
  const crc = crc16(Uint8Array.from(body));
  return Uint8Array.from([...body, crc & 0xff, crc >> 8]);
}

function replyLength(functionCode: number, isException: boolean, received: Uint8Array): number {
  if (isException) return 5;
  return functionCode === 0x01 ? 5 + (received[2] ?? 1) : 8;
}

function garbage(detail: string, received: Uint8Array): ModbusReply {
  const hex = [...received.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0'));
  return { kind: 'garbage', detail: `${detail}: ${hex.join(' ')}` };
}
