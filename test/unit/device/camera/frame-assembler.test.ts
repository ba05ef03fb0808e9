import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FrameAssembler } from '../../../../device/camera/frame-assembler.ts';
import { monotonicMs } from '../../../../src/domain/units.ts';

const FRAME_BYTES = 10;

/** Two buffers taken in turn, as the gate does; remembers what was committed. */
class TwoBuffers {
  readonly buffers = [new Uint8Array(FRAME_BYTES), new Uint8Array(FRAME_BYTES)] as const;
  readonly committed: string[] = [];
  begun = 0;
  #filling = 0;

  beginFrame(): Uint8Array {
    this.begun += 1;
    return this.#filling === 0 ? this.buffers[0] : this.buffers[1];
  }

  commitFrame(): void {
    const buffer = this.#filling === 0 ? this.buffers[0] : this.buffers[1];
    this.committed.push([...buffer].join());
    this.#filling = 1 - this.#filling;
  }
}

describe('FrameAssembler', () => {
  it('gives the same frames however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 30 }),
        (cuts) => {
          const target = new TwoBuffers();
          const assembler = new FrameAssembler(target, FRAME_BYTES, () => monotonicMs(0));
          let at = 0;
          for (const length of cuts) {
            assembler.push(Uint8Array.from({ length }, (_, index) => (at + index) % 251));
            at += length;
          }
          const whole = Math.floor(at / FRAME_BYTES);
          assert.equal(target.committed.length, whole);
          target.committed.forEach((frame, number) => {
            const expected = Array.from(
              { length: FRAME_BYTES },
              (_, index) => (number * FRAME_BYTES + index) % 251,
            );
            assert.equal(frame, expected.join());
          });
          // A buffer is asked for only when a byte of that frame is there.
          assert.equal(target.begun, Math.ceil(at / FRAME_BYTES));
        },
      ),
    );
  });

  it('never commits a frame that the stream left unfinished', () => {
    const target = new TwoBuffers();
    new FrameAssembler(target, FRAME_BYTES, () => monotonicMs(0)).push(new Uint8Array(9));
    assert.equal(target.committed.length, 0);
  });
});
