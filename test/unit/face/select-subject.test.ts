import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { selectSubject, WHOLE_FRAME } from '../../../src/face/select-subject.ts';
import { aFace } from '../../helpers/faces.ts';

const frame = { widthPx: 640, heightPx: 480 };
const near = aFace({ centre: { xPx: 320, yPx: 240 }, sidePx: 200 });
const behind = aFace({ centre: { xPx: 520, yPx: 200 }, sidePx: 100 });
const beside = aFace({ centre: { xPx: 120, yPx: 240 }, sidePx: 180 });

describe('selectSubject', () => {
  it('finds nobody in an empty frame', () => {
    const choice = selectSubject([], frame, WHOLE_FRAME, 0.5);
    assert.deepEqual(choice, { faceCount: 0, subject: undefined, hasRival: false });
  });

  it('chooses the largest face, whoever the detector is surest of', () => {
    const sure = { ...behind, confidence: 0.99 };
    const choice = selectSubject([sure, near], frame, WHOLE_FRAME, 0.5);
    assert.equal(choice.subject, near);
    assert.equal(choice.faceCount, 2);
  });

  it('sees a rival in a face nearly as large, not in one behind', () => {
    assert.equal(selectSubject([near, behind], frame, WHOLE_FRAME, 0.5).hasRival, false);
    assert.equal(selectSubject([near, beside], frame, WHOLE_FRAME, 0.5).hasRival, true);
  });

  it('ignores faces outside the zone of the door', () => {
    const zone = { left: 0, top: 0, right: 0.4, bottom: 1 };
    const choice = selectSubject([near, behind, beside], frame, zone, 0.5);
    assert.deepEqual(choice, { faceCount: 1, subject: beside, hasRival: false });
  });
});
