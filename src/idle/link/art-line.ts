import type { Socket } from 'node:net';
import { encodePacketHead, type Packet, PacketReader } from './packet-stream.ts';

/** More than this unsent: the other side does not read any more. */
const BACKLOG_BYTES = 32 * 1_048_576;

export interface LineListener {
  onPacket(packet: Packet): void;
  /** Once, whoever ended it. */
  onEnd(): void;
}

/** One end of the connection between gate and art process. Speaking never throws and never waits. */
export class ArtLine {
  readonly #socket: Socket;

  constructor(socket: Socket, listener: LineListener) {
    this.#socket = socket;
    const reader = new PacketReader();
    socket.on('data', (chunk) => {
      const packets = reader.push(chunk);
      if (packets === 'malformed') socket.destroy();
      else for (const packet of packets) listener.onPacket(packet);
    });
    // 'close' follows.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => listener.onEnd());
  }

  /** @param onWritten  the body may be changed again; also when it could not be sent */
  send(header: object, body?: Uint8Array, onWritten: () => void = () => undefined): void {
    const socket = this.#socket;
    if (!socket.writable || socket.writableLength > BACKLOG_BYTES) {
      socket.destroy();
      onWritten();
      return;
    }
    socket.write(encodePacketHead(header, body?.length));
    if (body === undefined) onWritten();
    else socket.write(body, () => onWritten());
  }

  close(): void {
    this.#socket.destroy();
  }
}
