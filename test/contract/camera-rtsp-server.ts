import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

export interface RtspServer {
  readonly port: number;
  /** The picture stops at once, the connection stays. */
  freeze(): void;
  close(): Promise<void>;
}

const WIDTH_PX = 320;
const HEIGHT_PX = 240;
const CRLF = '\r\n';

/**
 * A network camera: RTSP with Basic authentication and one H.264 track, RTP interleaved in the
 * connection. The picture comes from ffmpeg, which sends RTP datagrams to us.
 */
export async function startRtspServer(user: string, password: string): Promise<RtspServer> {
  const viewers = new Set<Socket>();
  const datagrams = createSocket('udp4');
  datagrams.bind(0, '127.0.0.1');
  await once(datagrams, 'listening');
  datagrams.on('message', (packet) => {
    const header = Buffer.from([0x24, 0, packet.length >> 8, packet.length & 0xff]);
    for (const viewer of viewers) viewer.write(Buffer.concat([header, packet]));
  });
  const encoder = encodeTo(datagrams.address().port);
  const description = await sdpOf(encoder);
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      viewers.delete(socket);
      connections.delete(socket);
    });
    answerRequests(socket, { authorization, description, play: () => viewers.add(socket) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    freeze: () => viewers.clear(),
    close: () => closeAll(server, connections, datagrams, encoder),
  };
}

function encodeTo(port: number): ChildProcess {
  const source = `testsrc=size=${WIDTH_PX}x${HEIGHT_PX}:rate=15`;
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '8'];
  return spawn(
    'ffmpeg',
    [
      ...['-hide_banner', '-loglevel', 'error', '-re', '-f', 'lavfi', '-i', source, ...codec],
      ...['-pix_fmt', 'yuv420p', '-sdp_file', 'pipe:1'],
      ...['-f', 'rtp', `rtp://127.0.0.1:${port}?pkt_size=1200`],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
}

/** The description of the stream, as ffmpeg prints it, without an address of its own. */
async function sdpOf(encoder: ChildProcess): Promise<string> {
  if (encoder.stdout === null) throw new Error('no output');
  let text = '';
  for await (const chunk of encoder.stdout) {
    text += String(chunk);
    if (/a=fmtp[^\n]*\n/.test(text)) break;
  }
  return text
    .split(/\r?\n/)
    .filter((line) => /^[vostmab]=/.test(line) && line !== '')
    .map((line) => line.replace(/^m=video \d+/, 'm=video 0'))
    .concat('a=control:track1')
    .join(CRLF)
    .concat(CRLF);
}

interface Answers {
  readonly authorization: string;
  readonly description: string;
  readonly play: () => void;
}

function answerRequests(socket: Socket, answers: Answers): void {
  let pending = '';
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    pending += text;
    for (;;) {
      // Receiver reports of the viewer, interleaved: '$', channel, length.
      if (pending.startsWith('$')) {
        if (pending.length < 4) return;
        const length = 4 + pending.charCodeAt(2) * 256 + pending.charCodeAt(3);
        if (pending.length < length) return;
        pending = pending.slice(length);
        continue;
      }
      const end = pending.indexOf(CRLF + CRLF);
      if (end < 0) return;
      const request = pending.slice(0, end);
      pending = pending.slice(end + 4);
      socket.write(answerTo(request, answers));
      if (request.startsWith('PLAY')) answers.play();
    }
  });
}

function answerTo(request: string, { authorization, description }: Answers): string {
  const [method = '', url = ''] = request.split(' ');
  const sequence = /^CSeq: *(\d+)/im.exec(request)?.[1] ?? '0';
  const reply = (status: string, headers: readonly string[] = [], body = ''): string =>
    [`RTSP/1.0 ${status}`, `CSeq: ${sequence}`, ...headers, '', body].join(CRLF);
  if (method === 'OPTIONS') {
    return reply('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN']);
  }
  const given = /^Authorization: *(.*)$/im.exec(request)?.[1]?.trim();
  if (given !== authorization) {
    return reply('401 Unauthorized', ['WWW-Authenticate: Basic realm="door"']);
  }
  switch (method) {
    case 'DESCRIBE':
      return reply(
        '200 OK',
        [
          `Content-Base: ${url}/`,
          'Content-Type: application/sdp',
          `Content-Length: ${description.length}`,
        ],
        description,
      );
    case 'SETUP':
      return reply('200 OK', ['Transport: RTP/AVP/TCP;unicast;interleaved=0-1', 'Session: 1']);
    default:
      return reply('200 OK', ['Session: 1']);
  }
}

async function closeAll(
  server: Server,
  connections: ReadonlySet<Socket>,
  datagrams: DatagramSocket,
  encoder: ChildProcess,
): Promise<void> {
  const gone = once(encoder, 'exit');
  encoder.kill('SIGKILL');
  await gone;
  for (const connection of connections) connection.destroy();
  datagrams.close();
  server.close();
  await once(server, 'close');
}
