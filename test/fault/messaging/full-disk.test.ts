import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { mosquittoMissing } from '../../helpers/mosquitto.ts';
import { SiteUnderFault } from '../../helpers/site-under-fault.ts';
import { SmallDisk } from '../../helpers/small-disk.ts';

/** Raise for a long search: FULL_DISKS=50. */
const TIMES = Number(process.env['FULL_DISKS'] ?? '3');
const SEED = Number(process.env['FULL_DISK_SEED'] ?? '1');
const DISK_MEGABYTES = 8;

const disk = SmallDisk.mount(DISK_MEGABYTES);
after(() => disk?.unmount());
const reason =
  disk === undefined ? 'not applicable: this user may not mount a small disk' : mosquittoMissing;

describe('a gate whose disk is full for a while', { skip: reason }, () => {
  it('loses no person and no event that it had recorded, and moves no door', async (context) => {
    assert.ok(disk);
    const site = await SiteUnderFault.open({
      gates: 1,
      seed: SEED,
      gateSurroundings: { storeFolder: disk.path },
    });
    const [gate] = site.gates;
    assert.ok(gate);
    await gate.start({ eventsEveryMs: 10 });
    const endChanges = site.changeOnAndOn(20);
    let fullest = Number.POSITIVE_INFINITY;
    for (let time = 0; time < TIMES; time += 1) {
      await delay(300 + site.random() * 500);
      disk.fill();
      await delay(500 + site.random() * 1_000);
      fullest = Math.min(fullest, disk.freeBytes);
      gate.assertAlive();
      disk.makeRoom();
    }
    const changes = await endChanges();
    assert.ok(fullest < 100_000, 'it was full');
    await site.assertWhole();
    context.diagnostic(
      `${TIMES} times full, ${changes} changes, ${site.archive.events.length} events`,
    );
    await site.close();
  });
});
