import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

// From dist/test/architecture/kiosk to the sources, which are what the compiler reads.
const pageOf = (program: string): string =>
  fileURLToPath(new URL(`../../../../src/${program}/page/`, import.meta.url));
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');

describe('the pages’ JavaScript', () => {
  for (const program of ['kiosk', 'console']) {
    it(`agrees with the types of the messages that it is sent: ${program}`, () => {
      const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', pageOf(program)], {
        encoding: 'utf8',
      });
      assert.equal(stdout, '');
      assert.equal(status, 0);
    });
  }
});
