import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CONSOLE_FILES, loadConsoleFiles } from '../../../src/console/console-files.ts';

const folder = fileURLToPath(new URL('../../../src/console/page/', import.meta.url));

describe('the files of the console', () => {
  it('are all that the page is made of, and no others', () => {
    const made = readdirSync(folder).filter((name) => name !== 'tsconfig.json');
    assert.deepEqual(made.sort(), [...CONSOLE_FILES].sort());
  });

  it('name nothing that lies elsewhere', async () => {
    for (const [path, { body, type }] of await loadConsoleFiles()) {
      assert.doesNotMatch(type, /octet-stream/, path);
      const addresses =
        body.toString('utf8').match(/(?:https?:)?\/\/[a-z0-9.]+\.[a-z]{2,}/gi) ?? [];
      assert.deepEqual(
        addresses.filter((address) => !address.includes('www.w3.org')),
        [],
        path,
      );
    }
  });

  it('are missed before the page is served without them', async () => {
    await assert.rejects(loadConsoleFiles(new URL('file:///nowhere/')), {
      code: 'PORTICO_CONSOLE_UNAVAILABLE',
    });
  });
});
