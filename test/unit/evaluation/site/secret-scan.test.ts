import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { scanForSecrets } from '../../../../src/evaluation/site/secret-scan.ts';

const NAME = 'Ariadne Nightingale';
const secret = { what: 'name', bytes: Buffer.from(NAME) };
const foundIn = (text: string | Buffer) =>
  scanForSecrets(Buffer.concat([randomBytes(1_001), Buffer.from(text), randomBytes(99)]), [secret])
    .found;

describe('scanForSecrets', () => {
  it('finds a secret as it is, in hexadecimal and in UTF-16', () => {
    assert.deepEqual(foundIn(NAME), ['name']);
    assert.deepEqual(foundIn(Buffer.from(NAME).toString('hex')), ['name']);
    assert.deepEqual(foundIn(Buffer.from(NAME, 'utf16le')), ['name']);
  });

  it('finds it in base64 at every alignment, in both alphabets', () => {
    for (const before of ['', '{', '{"', '{"n']) {
      for (const alphabet of ['base64', 'base64url'] as const) {
        assert.deepEqual(foundIn(Buffer.from(`${before}${NAME}"}`).toString(alphabet)), ['name']);
      }
    }
  });

  it('finds a piece of something long', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2_048, maxLength: 2_048 }), (bytes) => {
        const template = { what: 'template', bytes: Buffer.concat([bytes, randomBytes(8)]) };
        const part = template.bytes.subarray(200, 1_000);
        assert.deepEqual(scanForSecrets(part, [template]).found, ['template']);
      }),
      { numRuns: 20 },
    );
  });

  it('finds nothing where nothing is', () => {
    const secrets = Array.from({ length: 500 }, (_, index) => ({
      what: String(index),
      bytes: randomBytes(64),
    }));
    const { found, bytesScanned, patterns } = scanForSecrets(randomBytes(1_000_000), secrets);
    assert.deepEqual(found, []);
    assert.equal(bytesScanned, 1_000_000);
    assert.ok(patterns >= 500 * 6);
  });
});
