import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { followClaims } from '../../../src/cli/follow-claims.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-claims-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('followClaims', () => {
  it('hands on each id of the reader, and nothing else', async () => {
    const path = join(folder, 'reader');
    writeFileSync(path, `ada\n\n  grace \r\n${'x'.repeat(500)}\nlast\n`);
    const claims: string[] = [];
    const heard = new EventEmitter();
    followClaims({
      path,
      logger: new RecordingLogger(),
      signal: new AbortController().signal,
      onClaim: (identityId) => {
        claims.push(identityId);
        if (identityId === 'last') heard.emit('end');
      },
    });
    await once(heard, 'end');
    assert.deepEqual(claims, ['ada', 'grace', 'last']);
  });

  it('reports a reader that is not there, and lets the gate work on', async () => {
    const logger = new RecordingLogger();
    followClaims({
      path: join(folder, 'absent'),
      logger,
      signal: new AbortController().signal,
      onClaim: () => assert.fail('nobody claimed anything'),
    });
    while (logger.records.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(logger.records[0]?.fields.event, 'claims.lost');
  });
});
