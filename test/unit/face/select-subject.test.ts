import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mainFace, selectSubject, WHOLE_FRAME } from '../../../src/face/select-subject.ts';
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

describe('mainFace', () => {
  const photo = { widthPx: 400, heightPx: 400 };
  const at = (xPx: number, sidePx: number) => aFace({ centre: { xPx, yPx: 200 }, sidePx });

  it('is the largest face', () => {
    const [large, small] = [at(150, 150), at(250, 80)];
    assert.equal(mainFace([small, large], photo), large);
  });

  it('is the one in the middle when a passer-by at the edge is hardly larger', () => {
    const [passerBy, middle] = [at(340, 110), at(205, 100)];
    assert.equal(mainFace([passerBy, middle], photo), middle);
  });

  it('is the only face, wherever it stands', () => {
    const edge = at(395, 20);
    assert.equal(mainFace([edge], photo), edge);
  });

  it('is nobody in an empty picture', () => {
    assert.equal(mainFace([], photo), undefined);
  });
});
