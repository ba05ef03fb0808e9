import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { JpegSplitter } from '../../../../device/camera/jpeg-splitter.ts';

/** A picture with a header segment and scan data; never decoded, only its markers matter. */
function jpeg(header: readonly number[], scan: readonly number[]): Buffer {
  return Buffer.from([
    ...[0xff, 0xd8, 0xff, 0xe1, (header.length + 2) >> 8, (header.length + 2) & 0xff, ...header],
    ...[0xff, 0xda, 0x00, 0x02, ...scan, 0xff, 0xd9],
  ]);
}

const bytes = (max: number) => fc.array(fc.integer({ min: 0, max: 0xff }), { maxLength: max });
/** Scan data holds no end marker: 0xff is always followed by a stuffed zero. */
const scans = bytes(60).map((values) =>
  values.flatMap((value) => (value === 255 ? [255, 0] : [value])),
);

describe('JpegSplitter', () => {
  it('finds the same pictures however the stream is cut, end markers in headers notwithstanding', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(bytes(40), scans), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 50 }),
        (parts, cut) => {
          const pictures = parts.map(([header, scan]) => jpeg([...header, 0xff, 0xd9], scan));
          const stream = Buffer.concat(pictures);
          const splitter = new JpegSplitter();
          const found: Buffer[] = [];
          for (let at = 0; at < stream.length; at += cut) {
            found.push(...splitter.push(stream.subarray(at, at + cut)));
          }
          assert.deepEqual(found, pictures);
        },
      ),
    );
  });

  it('begins with the first whole picture of a stream that it joins in the middle', () => {
    const picture = jpeg([1, 2, 3], [4, 5, 6]);
    assert.deepEqual(new JpegSplitter().push(Buffer.concat([Buffer.from([9, 0xff, 9]), picture])), [
      picture,
    ]);
  });

  it('forgets a picture that never ends', () => {
    const splitter = new JpegSplitter();
    splitter.push(Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 2]));
    splitter.push(new Uint8Array(17 * 1024 * 1024));
    const picture = jpeg([1], [2]);
    assert.deepEqual(splitter.push(picture), [picture]);
  });
});
