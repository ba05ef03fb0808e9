import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLogger } from '../../../src/logging/logger.ts';

describe('createLogger', () => {
  it('never writes a name, an embedding, a picture or a key', () => {
    const lines: string[] = [];
    const logger = createLogger('info', { write: (line: string) => lines.push(line) });
    const secret = 'ada-lovelace';
    logger.info(
      {
        event: 'test',
        name: secret,
        embedding: [secret],
        identity: { name: secret, key: secret },
        deep: { person: { photo: secret, rgb: secret } },
      },
      'said',
    );
    assert.equal(lines.length, 1);
    assert.doesNotMatch(lines.join(''), new RegExp(secret));
    assert.match(lines.join(''), /"event":"test"/);
  });
});
