import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  coilOff,
  crc16,
  flashOn,
  parseReply,
  readCoil,
} from '../../../../device/relay/modbus-frames.ts';

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.split(' ').map((byte) => Number.parseInt(byte, 16)));

describe('crc16', () => {
  it('agrees with a division done by hand', () => {
    // One byte 0x01. FFFF xor 01 = FFFE. Eight times: shift right, and when a 1 falls out, xor A001.
    //   FFFE -> 7FFF                      0 fell out
    //   7FFF -> 3FFF xor A001 = 9FFE      1
    //   9FFE -> 4FFF                      0
    //   4FFF -> 27FF xor A001 = 87FE      1
    //   87FE -> 43FF                      0
    //   43FF -> 21FF xor A001 = 81FE      1
    //   81FE -> 40FF                      0
    //   40FF -> 207F xor A001 = 807E      1
    assert.equal(crc16(bytes('01')), 0x807e);
  });

  it('agrees with the check value of CRC-16/MODBUS', () => {
    assert.equal(crc16(new TextEncoder().encode('123456789')), 0x4b37);
  });

  it('is zero over a frame with its own checksum behind it, low byte first', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 32 }), (body) => {
        const crc = crc16(body);
        assert.equal(crc16(Uint8Array.from([...body, crc & 0xff, crc >> 8])), 0);
      }),
    );
  });

  it('notices every single flipped bit', () => {
    const frame = [...flashOn(1, 0, 30)];
    for (let bit = 0; bit < 64; bit += 1) {
      const broken = Uint8Array.from(frame);
      broken[bit >> 3]! ^= 1 << (bit & 7);
      assert.notEqual(crc16(broken), 0, `bit ${bit}`);
    }
  });
});

describe('a request', () => {
  it('flashes channel 0 of unit 1 for 700 ms', () => {
    // unit 01, function 05, register 0200 + channel 0, value 7 units of 100 ms
    assert.deepEqual(flashOn(1, 0, 7), bytes('01 05 02 00 00 07 8D B0'));
  });

  it('releases channel 0 of unit 1', () => {
    assert.deepEqual(coilOff(1, 0), bytes('01 05 00 00 00 00 CD CA'));
  });

  it('reads one coil', () => {
    assert.deepEqual([...readCoil(1, 3)].slice(0, 6), [1, 1, 0, 3, 0, 1]);
  });
});

describe('parseReply', () => {
  const asked = readCoil(1, 0);
  const withCrc = (...body: number[]): Uint8Array => {
    const crc = crc16(Uint8Array.from(body));
    return Uint8Array.from([...body, crc & 0xff, crc >> 8]);
  };

  it('takes the echo of a write', () => {
    const sent = flashOn(1, 2, 30);
    assert.deepEqual(parseReply(sent, sent), { kind: 'echo' });
  });

  it('reads the coils', () => {
    assert.deepEqual(parseReply(asked, withCrc(1, 1, 1, 0x05)), { kind: 'coils', bits: 5 });
  });

  it('waits for every part of a reply', () => {
    const whole = withCrc(1, 1, 1, 1);
    for (let length = 0; length < whole.length; length += 1) {
      assert.deepEqual(parseReply(asked, whole.subarray(0, length)), { kind: 'incomplete' });
    }
  });

  it('names an exception', () => {
    assert.deepEqual(parseReply(asked, withCrc(1, 0x81, 2)), {
      kind: 'exception',
      code: 2,
      meaning: 'illegal data address',
    });
  });

  const GARBAGE = {
    'another unit': withCrc(2, 1, 1, 1),
    'another function': withCrc(1, 3, 1, 1),
    'a wrong checksum': Uint8Array.of(1, 1, 1, 1, 0, 0),
    'too many coils': withCrc(1, 1, 2, 1, 1),
    'bytes behind the reply': Uint8Array.from([...withCrc(1, 1, 1, 1), 0]),
  } as const;
  for (const [what, reply] of Object.entries(GARBAGE)) {
    it(`refuses ${what}`, () => assert.equal(parseReply(asked, reply).kind, 'garbage'));
  }

  it('refuses the echo of another command', () => {
    assert.equal(parseReply(flashOn(1, 2, 30), flashOn(1, 2, 31)).kind, 'garbage');
  });

  it('never takes random bytes for an answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (noise) => {
        const reply = parseReply(asked, noise);
        if (reply.kind === 'coils' || reply.kind === 'exception') assert.equal(crc16(noise), 0);
        else assert.notEqual(reply.kind, 'echo');
      }),
    );
  });
});
