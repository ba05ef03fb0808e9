import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PictureOutcome } from '../../../src/messaging/gate/picture-publisher.ts';
import { PictureMaker } from '../../../src/runtime/picture-maker.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';

const PORTRAIT = { rgb: new Uint8Array(16 * 16 * 3), widthPx: 16, heightPx: 16 };

function makerThat(keep: (of: number, jpeg: Uint8Array) => Promise<PictureOutcome>) {
  const logger = new RecordingLogger();
  return { logger, maker: new PictureMaker({ logger, keep }) };
}

describe('making pictures', () => {
  it('makes one at a time, and of those that wait the newest', async () => {
    const kept: number[] = [];
    const { maker } = makerThat(async (of) => {
      kept.push(of);
      return 'kept';
    });
    for (const of of [1, 2, 3, 4]) maker.make(of, PORTRAIT);
    await maker.settled();
    assert.deepEqual(kept, [1, 4]);
    assert.deepEqual(maker.losses(), { busy: 2 });
    maker.make(5, PORTRAIT);
    await maker.settled();
    assert.deepEqual(kept, [1, 4, 5]);
  });

  it('counts what is not kept, and goes on after whatever fails', async () => {
    const outcomes: (PictureOutcome | Error)[] = ['no-auditor', new Error('scripted'), 'kept'];
    const { maker, logger } = makerThat(async () => {
      const next = outcomes.shift();
      if (next instanceof Error) throw next;
      return next ?? 'kept';
    });
    for (const of of [1, 2, 3]) {
      maker.make(of, PORTRAIT);
      await maker.settled();
    }
    assert.deepEqual(maker.losses(), { 'no-auditor': 1, failed: 1 });
    assert.deepEqual(
      logger.records.map(({ level }) => level),
      ['warn', 'error', 'warn'],
    );
  });
});
