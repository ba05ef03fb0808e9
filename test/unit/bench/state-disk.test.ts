import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { copyDisk, makeStateDisk, unpackDisk } from '../../bench/state-disk.ts';

const missing =
  spawnSync('debugfs', ['-V']).error === undefined
    ? false
    : 'needs debugfs and e2fsck: apt-get install e2fsprogs';

const folder = mkdtempSync(join(tmpdir(), 'portico-disk-'));
after(() => rmSync(folder, { recursive: true }));
const disk = join(folder, 'disk.img');
const change = (request: string): Buffer =>
  execFileSync('debugfs', ['-w', '-R', request, disk], { stdio: ['ignore', 'pipe', 'ignore'] });

describe('the disk of the state', { skip: missing }, () => {
  it('is copied without its empty room, and its files are taken out', async () => {
    makeStateDisk(disk);
    writeFileSync(join(folder, 'note'), 'kept');
    change(`write ${join(folder, 'note')} note`);
    const copy = join(folder, 'copy.img');
    copyDisk(disk, copy);
    assert.ok(statSync(copy).blocks * 512 < 64 * 2 ** 20, 'the copy is sparse');
    await unpackDisk(copy, join(folder, 'found'));
    assert.equal(readFileSync(join(folder, 'found/note'), 'utf8'), 'kept');
  });

  it('is refused where the file system is damaged', async () => {
    makeStateDisk(disk);
    change('clri <2>');
    await assert.rejects(unpackDisk(disk, join(folder, 'found')), /e2fsck/);
  });
});
