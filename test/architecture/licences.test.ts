import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../../scripts/licences.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'portico-licences-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function licencesOf(packages?: Readonly<Record<string, object>>): ReturnType<typeof spawnSync> {
  const lock = join(folder, 'package-lock.json');
  if (packages !== undefined) writeFileSync(lock, JSON.stringify({ packages }));
  const args = packages === undefined ? [] : ['--lock', lock];
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
}

describe('licences of what the product runs with', () => {
  it('are all known, and the one that asks most is argued', () => {
    const { status, stdout, stderr } = licencesOf();
    assert.equal(status, 0, String(stderr));
    assert.match(String(stdout), /^pm2 .* AGPL-3\.0 .* docs\/licences\.md$/m);
  });

  for (const [what, entry] of [
    ['one that nobody has judged', { version: '1.0.0', license: 'GPL-3.0' }],
    ['none', { version: '1.0.0' }],
    [
      'one that must be met besides an allowed one',
      { version: '1.0.0', license: 'MIT AND GPL-2.0' },
    ],
  ] as const) {
    it(`fails on a package with ${what}`, () => {
      const { status, stderr } = licencesOf({ 'node_modules/a/node_modules/@b/new': entry });
      assert.equal(status, 1);
      assert.match(String(stderr), /nobody has judged @b\/new/);
    });
  }

  it('takes the choice that a package leaves, and leaves out what only the development needs', () => {
    const { status } = licencesOf({
      'node_modules/choice': { version: '1.0.0', license: '(GPL-2.0 OR MIT)' },
      'node_modules/tool': { version: '1.0.0', license: 'GPL-2.0', dev: true },
    });
    assert.equal(status, 0);
  });
});
