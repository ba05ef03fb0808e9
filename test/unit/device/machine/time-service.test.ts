import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { TimeService } from '../../../../device/machine/time-service.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-time-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const flagFile = join(folder, 'synchronized');

/** Stands in for timedatectl, and says what stands in its file at the time. */
function program(): [string] {
  const path = join(folder, 'timedatectl');
  writeFileSync(path, `#!/bin/sh\ncat ${folder}/answer\n`);
  chmodSync(path, 0o755);
  return [path];
}

describe('TimeService', () => {
  const clock = new FakeClock();

  it('asks whoever knows, and not with every reading', async () => {
    const service = new TimeService({ clock, flagFile, program: program() });
    writeFileSync(join(folder, 'answer'), 'no\n');
    assert.equal(await service.isSynchronised(), false);
    writeFileSync(join(folder, 'answer'), 'yes\n');
    assert.equal(await service.isSynchronised(), false);
    await clock.advance(300_000);
    assert.equal(await service.isSynchronised(), true);
  });

  it('believes the flag of systemd before all', async () => {
    const service = new TimeService({ clock, flagFile, program: ['/none'] });
    assert.equal(await service.isSynchronised(), undefined);
    writeFileSync(flagFile, '');
    assert.equal(await service.isSynchronised(), true);
  });

  it('does not know where nobody says yes or no', async () => {
    rmSync(flagFile, { force: true });
    const service = new TimeService({ clock, flagFile, program: program() });
    writeFileSync(join(folder, 'answer'), 'maybe\n');
    assert.equal(await service.isSynchronised(), undefined);
  });
});
