import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodePacketHead, PacketReader } from '../../../src/idle/link/packet-stream.ts';

const packet = fc.record({
  header: fc.dictionary(fc.constantFrom('kind', 'serial'), fc.nat(), { noNullPrototype: true }),
  body: fc.uint8Array({ maxLength: 300 }),
});

describe('packet stream', () => {
  it('gives back what was sent, in whatever pieces it arrives', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 6 }), cuts, (packets, lengths) => {
        const sent = Buffer.concat(
          packets.flatMap(({ header, body }) => [encodePacketHead(header, body.length), body]),
        );
        const reader = new PacketReader();
        const received: unknown[] = [];
        for (let at = 0, cut = 0; at < sent.length; cut += 1) {
          const length = lengths[cut % lengths.length]!;
          const part = reader.push(sent.subarray(at, at + length));
          assert.notEqual(part, 'malformed');
          received.push(...part);
          at += length;
        }
        assert.deepEqual(
          received,
          packets.map(({ header, body }) => ({ header, body: new Uint8Array(body) })),
        );
      }),
    );
  });

  it('believes no length beyond its limits, and asks for no memory for it', () => {
    for (const [header, body] of [
      [5_000, 0],
      [2, 7_000_000],
    ] as const) {
      const head = Buffer.alloc(10, 0x20);
      head.writeUInt32LE(header, 0);
      head.writeUInt32LE(body, 4);
      assert.equal(new PacketReader().push(head), 'malformed');
    }
  });

  it('takes a header that is no JSON for malformed', () => {
    const head = Buffer.alloc(12, 0x7b);
    head.writeUInt32LE(4, 0);
    head.writeUInt32LE(0, 4);
    assert.equal(new PacketReader().push(head), 'malformed');
  });
});
