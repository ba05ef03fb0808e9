import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

// From dist/test/architecture/kiosk to the sources, which are what the compiler reads.
const page = fileURLToPath(new URL('../../../../src/kiosk/page/', import.meta.url));
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');

describe('the page’s JavaScript', () => {
  it('agrees with the types of the messages that it is sent', () => {
    const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', page], {
      encoding: 'utf8',
    });
    assert.equal(stdout, '');
    assert.equal(status, 0);
  });
});
