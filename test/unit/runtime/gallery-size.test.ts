import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CheckedPolicy } from '../../../src/decision/checked-policy.ts';
import { defaultPolicy } from '../../../src/decision/policy.ts';
import { templatesAllowed } from '../../../src/decision/templates-allowed.ts';
import type { Gallery } from '../../../src/gallery/gallery.ts';
import { FaultBoard } from '../../../src/runtime/fault-board.ts';
import { gallerySize, noteGallerySize } from '../../../src/runtime/gallery-size.ts';
import { aCalibration, aPoint } from '../../helpers/decision-builders.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';

const calibration = aCalibration({
  points: [aPoint(1e-2, 0.3), { ...aPoint(1e-8, 0.6), extrapolated: true }],
});
const { modelId } = calibration;

function policyAt(targetFpir: number): CheckedPolicy {
  const check = CheckedPolicy.check({ ...defaultPolicy, calibrations: [calibration], targetFpir });
  assert.ok(check.outcome === 'accepted', JSON.stringify(check));
  return check.policy;
}

const galleryOf = (rows: number): Gallery =>
  ({ modelIds: () => [modelId], block: () => ({ rows, persons: rows }) }) as unknown as Gallery;

describe('how many templates a policy allows', () => {
  it('is the last number with a threshold: at 1e-4, a curve down to 1e-8 allows ten thousand', () => {
    const allowed = templatesAllowed(policyAt(1e-4), modelId);
    assert.ok(Math.abs(allowed - 10_000) <= 1, `${allowed}`);
    assert.equal(policyAt(1e-4).thresholdOf(modelId, 1e-4, allowed).outcome, 'known');
    assert.equal(policyAt(1e-4).thresholdOf(modelId, 1e-4, allowed + 1).outcome, 'missing');
    assert.ok(templatesAllowed(policyAt(1e-3), modelId) > 9 * allowed);
  });

  it('is none without a calibration', () => {
    assert.equal(templatesAllowed(policyAt(1e-4), 'another-encoder'), 0);
  });
});

describe('the size of a gallery', () => {
  it('is told before and when it is too large, and taken back', () => {
    const events: string[] = [];
    const faults = new FaultBoard((event) => {
      events.push('code' in event ? `${event.type} ${event.code}` : event.type);
    }, new RecordingLogger());
    for (const rows of [8_000, 8_002, 8_002, 10_002, 7_000]) {
      noteGallerySize(faults, gallerySize(galleryOf(rows), policyAt(1e-4)));
    }
    assert.deepEqual(events, [
      'fault.raised PORTICO_GALLERY_NEARLY_FULL',
      'fault.cleared PORTICO_GALLERY_NEARLY_FULL',
      'fault.raised PORTICO_GALLERY_FULL',
      'fault.cleared PORTICO_GALLERY_FULL',
    ]);
  });

  it('says how many there are, how many are allowed, and what to change', () => {
    const size = gallerySize(galleryOf(12_000), policyAt(1e-4));
    assert.ok(size.kind === 'full');
    assert.match(size.fault.message, /12000 templates .* more than the (9999|10000|10001) /);
    assert.match(size.fault.remedy, /policy\.targetFpir/);
    assert.equal(gallerySize(galleryOf(12_000), policyAt(1e-3)).kind, 'roomy');
  });
});
