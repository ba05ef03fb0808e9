import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createKeyFile, readMasterKey } from '../../../src/gallery/master-key.ts';
import { faultCoded, scratchFolder } from '../../helpers/store-bench.ts';

const folder = scratchFolder();
const refused = faultCoded('PORTICO_STORE_KEY');

function file(name: string, content: string | Buffer, mode = 0o400): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const bytesOf = (keyFile: string): Buffer => readMasterKey({ keyFile }).export();

describe('master key', () => {
  it('is created once, for its owner only, and read back', () => {
    const keyFile = join(folder, 'made.key');
    createKeyFile(keyFile);
    assert.equal(statSync(keyFile).mode & 0o777, 0o400);
    const text = readFileSync(keyFile, 'utf8');
    assert.deepEqual(bytesOf(keyFile), Buffer.from(text, 'base64'));
    assert.throws(() => createKeyFile(keyFile), refused);
    assert.equal(readFileSync(keyFile, 'utf8'), text, 'never replaced');
    assert.throws(() => createKeyFile(join(folder, 'no', 'such', 'folder')), refused);
  });

  it('differs every time', () => {
    const keyFiles = [join(folder, 'one.key'), join(folder, 'two.key')] as const;
    for (const keyFile of keyFiles) createKeyFile(keyFile);
    assert.notDeepEqual(bytesOf(keyFiles[0]), bytesOf(keyFiles[1]));
  });

  it('may be 32 raw bytes or their base64, with or without a line end', () => {
    const raw = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 8));
    for (const content of [raw, raw.toString('base64'), `${raw.toString('base64')}\n`]) {
      assert.deepEqual(bytesOf(file(`form-${content.length}.key`, content)), raw);
    }
  });

  it('comes from the credentials first, from the file when these hold none', () => {
    const credentialsDirectory = join(folder, 'credentials');
    mkdirSync(credentialsDirectory);
    const keyFile = file('second.key', Buffer.alloc(32, 2));
    assert.deepEqual(
      readMasterKey({ credentialsDirectory, keyFile }).export(),
      Buffer.alloc(32, 2),
    );
    writeFileSync(join(credentialsDirectory, 'portico.key'), Buffer.alloc(32, 1), { mode: 0o440 });
    assert.deepEqual(
      readMasterKey({ credentialsDirectory, keyFile }).export(),
      Buffer.alloc(32, 1),
    );
  });

  it('does not fall back when the credential is no key', () => {
    const credentialsDirectory = join(folder, 'broken');
    mkdirSync(credentialsDirectory);
    writeFileSync(join(credentialsDirectory, 'portico.key'), 'secret');
    const keyFile = file('spare.key', Buffer.alloc(32, 2));
    assert.throws(() => readMasterKey({ credentialsDirectory, keyFile }), refused);
  });

  it('is refused when others may read it, when it is missing, or when it is no key', () => {
    for (const mode of [0o440, 0o404, 0o644, 0o601]) {
      const keyFile = file(`open-${mode}.key`, Buffer.alloc(32), mode);
      assert.throws(() => bytesOf(keyFile), refused, mode.toString(8));
    }
    assert.throws(() => bytesOf(join(folder, 'none.key')), refused);
    assert.throws(() => bytesOf(folder), refused);
    for (const content of ['', 'x', Buffer.alloc(31), Buffer.alloc(33), '0'.repeat(64)]) {
      assert.throws(() => bytesOf(file(`bad-${content.length}.key`, content)), refused);
    }
    assert.doesNotThrow(() => bytesOf(file('owner.key', Buffer.alloc(32), 0o600)));
  });

  it('does not show itself when printed', () => {
    const key = readMasterKey({ keyFile: file('shown.key', Buffer.alloc(32, 0x41)) });
    assert.equal(JSON.stringify({ key }).includes('AAAA'), false);
  });
});
