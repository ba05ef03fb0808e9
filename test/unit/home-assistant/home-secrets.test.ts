import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readHomeBroker, readHomeCode } from '../../../src/home-assistant/home-secrets.ts';
import { faultCoded } from '../../helpers/store-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-home-'));
const none = { credentialsDirectory: undefined };
const isSecretFault = faultCoded('PORTICO_HOME_SECRET');

function aFile(name: string, text: string, mode = 0o400): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

after(() => rmSync(folder, { recursive: true, force: true }));

describe('the code for Home Assistant', () => {
  it('is one line of a private file, or a credential', () => {
    const codeFile = aFile('code', 'correct-horse\n');
    assert.equal(readHomeCode({ codeFile, ...none }), 'correct-horse');
    aFile('portico.home-code', 'another-horse\n', 0o444);
    assert.equal(readHomeCode({ credentialsDirectory: folder }), 'another-horse');
    assert.equal(readHomeCode({ codeFile, credentialsDirectory: folder }), 'correct-horse');
  });

  it('is not taken from a file that others can read', () => {
    const codeFile = aFile('open-code', 'correct-horse\n', 0o644);
    assert.throws(() => readHomeCode({ codeFile, ...none }), isSecretFault);
  });

  it('is long enough and without spaces, and never in the message', () => {
    for (const text of ['', '1234567', 'two words', 'x'.repeat(65)]) {
      const codeFile = aFile(`code-${text.length}`, text);
      assert.throws(
        () => readHomeCode({ codeFile, ...none }),
        (error) =>
          isSecretFault(error) &&
          error instanceof Error &&
          (text === '' || !error.message.includes(text)),
      );
    }
  });

  it('is missed when there is none', () => {
    assert.throws(() => readHomeCode(none), isSecretFault);
    assert.throws(
      () => readHomeCode({ codeFile: join(folder, 'nowhere'), ...none }),
      isSecretFault,
    );
  });
});

describe('the broker of Home Assistant', () => {
  it('is reached with what its settings name', () => {
    const settings = {
      broker: 'mqtts://house:8883',
      authorityFile: aFile('authority', 'A', 0o444),
      username: 'portico',
      passwordFile: aFile('password', 'secret\n'),
      ...none,
    };
    assert.deepEqual(readHomeBroker(settings), {
      url: 'mqtts://house:8883',
      tls: { authority: 'A', certificate: undefined, privateKey: undefined },
      login: { username: 'portico', password: 'secret' },
    });
  });

  it('has no TLS where the address says so', () => {
    const { tls, login } = readHomeBroker({ broker: 'mqtt://127.0.0.1:1883', ...none });
    assert.deepEqual([tls, login], [undefined, undefined]);
  });

  it('is not reached with a key that others can read', () => {
    const settings = {
      broker: 'mqtts://house:8883',
      certificateFile: aFile('certificate', 'C', 0o444),
      keyFile: aFile('key', 'K', 0o640),
      ...none,
    };
    assert.throws(() => readHomeBroker(settings), isSecretFault);
  });
});
