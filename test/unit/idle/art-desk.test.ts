import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ArtTitle } from '../../../src/domain/art.ts';
import { ArtDesk, type ArtDeskParts } from '../../../src/idle/gate/art-desk.ts';
import {
  encodePacketHead,
  type Packet,
  PacketReader,
} from '../../../src/idle/link/packet-stream.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { aFrameOf, aSubject } from '../../helpers/observation-builders.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';

const JPEG = Uint8Array.of(0xff, 0xd8, 1, 2, 3);
const TITLE: ArtTitle = { style: 'The Scream', manner: 'fast' };

/** The art process, as a script. */
class ScriptedArt {
  readonly heard: Packet[] = [];
  readonly socket: Socket;
  readonly #reader = new PacketReader();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      const packets = this.#reader.push(chunk);
      assert.notEqual(packets, 'malformed');
      this.heard.push(...(packets as readonly Packet[]));
    });
  }

  say(header: object, body: Uint8Array = new Uint8Array(0)): void {
    this.socket.write(encodePacketHead(header, body.length));
    this.socket.write(body);
  }

  orders(): readonly {
    readonly mayPaint: boolean;
    readonly serial: number;
    readonly style: string;
  }[] {
    return this.heard.flatMap(({ header }) => {
      const order = header as { kind: string; mayPaint: boolean; serial: number; style: string };
      return order.kind === 'order' ? [order] : [];
    });
  }
}

/** However it was closed: a peer that goes in the middle of a write is an error to the writer. */
const closed = ({ socket }: ScriptedArt): Promise<void> =>
  new Promise((resolve) => {
    socket.once('close', () => resolve());
  });

describe('the desk of the art', () => {
  let clock: FakeClock;
  let server: Server;
  let desk: ArtDesk;
  let minute: number | undefined;
  let isWatched: boolean;
  let stops: number[];
  const sockets: Socket[] = [];

  const open = (changes: Partial<ArtDeskParts> = {}): void => {
    desk = new ArtDesk({
      clock,
      logger: new RecordingLogger(),
      frameRule: 'every',
      frames: {
        size: { widthPx: 2, heightPx: 1 },
        copyNewest: (into) => {
          into.fill(7);
          return { sequence: 1 };
        },
      },
      settings: { isOn: true, manner: 'fast', style: 'every', intervalS: 60 },
      hours: { from: '08:00', to: '20:00' },
      night: { from: '18:00', to: '06:00', brightness: 0.4 },
      resumeAfterMs: 4_000,
      minuteOfDay: () => minute,
      isWatched: () => isWatched,
      probe: { onStopped: (afterMs) => stops.push(afterMs), onPicture: () => undefined },
      ...changes,
    });
  };

  beforeEach(async () => {
    clock = new FakeClock();
    minute = 12 * 60;
    isWatched = true;
    stops = [];
    server = createServer((socket) => desk.meet(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open();
  });
  afterEach(() => {
    desk.close();
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  const come = async (): Promise<ScriptedArt> => {
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const socket = createConnection(address.port, '127.0.0.1');
    sockets.push(socket);
    const art = new ScriptedArt(socket);
    await once(socket, 'connect');
    return art;
  };
  /** Until that holds; the network takes its own time, the clock stands. */
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve));
  };
  const seeNobody = (): void => desk.observe(aFrameOf(clock.now(), undefined), true);
  const seeSomebody = (): void => desk.observe(aFrameOf(clock.now(), aSubject()), false);
  /** Nobody for long enough that painting begins. */
  const beQuiet = async (art: ScriptedArt): Promise<void> => {
    for (let passed = 0; passed <= 4_000; passed += 500) {
      art.say({ kind: 'alive' });
      seeNobody();
      await clock.advance(500);
    }
    await until(() => art.orders().at(-1)?.mayPaint === true);
  };

  it('lets nobody paint before vision has seen that nobody is there', async () => {
    const art = await come();
    await until(() => art.orders().length === 1);
    assert.equal(art.orders()[0]?.mayPaint, false);
    await beQuiet(art);
  });

  it('says stop at once when somebody is seen, and hears when all is still', async () => {
    const art = await come();
    await beQuiet(art);
    seeSomebody();
    await until(() => art.orders().at(-1)?.mayPaint === false);
    await clock.advance(120);
    art.say({ kind: 'stopped', serial: art.orders().at(-1)?.serial });
    await until(() => stops.length > 0);
    assert.deepEqual(stops, [120]);
  });

  it('says stop as well when vision fails: somebody may be there', async () => {
    const art = await come();
    await beQuiet(art);
    desk.observe(undefined, true);
    await until(() => art.orders().at(-1)?.mayPaint === false);
  });

  it('lets nobody paint while nobody looks, outside the hours, or when it is off', async () => {
    for (const hinder of [
      () => {
        isWatched = false;
      },
      () => {
        minute = 21 * 60;
      },
      () => desk.change({ isOn: false }),
    ]) {
      isWatched = true;
      minute = 12 * 60;
      desk.change({ isOn: true });
      const art = await come();
      await beQuiet(art);
      hinder();
      seeNobody();
      await until(() => art.orders().at(-1)?.mayPaint === false);
      art.socket.destroy();
      await until(() => desk.title === undefined);
      await clock.advance(500);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  it('keeps the newest picture for the page, and tells its title once', async () => {
    const titles: (ArtTitle | undefined)[] = [];
    desk.onTitle((title) => titles.push(title));
    const art = await come();
    await beQuiet(art);
    art.say({ kind: 'picture', title: TITLE, fadeMs: 500 }, JPEG);
    art.say({ kind: 'picture', title: TITLE, fadeMs: 500 }, JPEG);
    await until(() => desk.picture?.sequence === 2);
    assert.deepEqual([...(desk.picture?.jpeg ?? [])], [...JPEG]);
    assert.deepEqual(titles, [TITLE]);
    seeSomebody();
    assert.deepEqual(desk.title, TITLE, 'it hangs there when the visitor has gone');
  });

  it('goes back to the plain picture when the art process dies, or is switched off', async () => {
    const art = await come();
    await beQuiet(art);
    art.say({ kind: 'picture', title: TITLE, fadeMs: 0 }, JPEG);
    await until(() => desk.picture !== undefined);
    art.socket.destroy();
    await until(() => desk.picture === undefined);
    const next = await come();
    await beQuiet(next);
    next.say({ kind: 'picture', title: TITLE, fadeMs: 0 }, JPEG);
    await until(() => desk.picture !== undefined);
    desk.change({ isOn: false });
    assert.equal(desk.picture, undefined);
  });

  it('parts from an art process that hangs', async () => {
    const art = await come();
    await beQuiet(art);
    const ended = closed(art);
    await clock.advance(6_000);
    await ended;
    assert.equal(desk.picture, undefined);
  });

  it('parts from one that speaks another language', async () => {
    for (const header of [{ kind: 'open-the-door' }, { kind: 'picture' }, []]) {
      const art = await come();
      const ended = closed(art);
      art.say(header);
      await ended;
    }
  });

  it('parts from one that floods it, with messages or with bytes', async () => {
    for (const flood of [
      (art: ScriptedArt) => {
        for (let count = 0; count < 300; count += 1) art.say({ kind: 'alive' });
      },
      (art: ScriptedArt) => {
        const large = new Uint8Array(5 * 1_048_576);
        for (let count = 0; count < 4; count += 1) {
          art.say({ kind: 'picture', title: TITLE, fadeMs: 0 }, large);
        }
      },
    ]) {
      const art = await come();
      await beQuiet(art);
      const ended = closed(art);
      flood(art);
      await ended;
      await clock.advance(500);
    }
  });

  it('has room for one art process', async () => {
    const first = await come();
    await until(() => first.orders().length > 0);
    const second = await come();
    await closed(second);
    assert.equal(first.socket.destroyed, false);
  });

  it('gives a frame to paint only while painting is allowed', async () => {
    const art = await come();
    art.say({ kind: 'want-frame' });
    await until(() =>
      art.heard.some(({ header }) => (header as { kind: string }).kind === 'no-frame'),
    );
    await beQuiet(art);
    art.say({ kind: 'want-frame' });
    await until(() =>
      art.heard.some(({ header }) => (header as { kind: string }).kind === 'frame'),
    );
    assert.deepEqual([...(art.heard.at(-1)?.body ?? [])], [7, 7, 7, 7, 7, 7]);
  });

  it('passes new settings on', async () => {
    const art = await come();
    await beQuiet(art);
    desk.change({ style: 'udnie' });
    await until(() => art.orders().at(-1)?.style === 'udnie');
  });

  it('dims the wall at night', () => {
    assert.equal(desk.brightness, 1);
    minute = 23 * 60;
    assert.equal(desk.brightness, 0.4);
    minute = undefined;
    assert.equal(desk.brightness, 1, 'a clock that is not known dims nothing');
  });
});
