import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Probe } from '../../../src/domain/probe.ts';
import { monotonicMs, similarity, wallMs } from '../../../src/domain/units.ts';
import { checkEnrolment } from '../../../src/gallery/enrolment-check.ts';
import { GalleryBuilder } from '../../../src/gallery/gallery-builder.ts';

/** A unit vector at this angle in the plane: similarities are cosines of differences. */
const at = (degrees: number): Probe => ({
  modelId: 'encoder-a',
  embedding: Float32Array.of(
    Math.cos((degrees * Math.PI) / 180),
    Math.sin((degrees * Math.PI) / 180),
  ),
  capturedAtMs: monotonicMs(0),
});

function galleryOf(people: Readonly<Record<string, number>>) {
  const builder = new GalleryBuilder();
  for (const [identityId, degrees] of Object.entries(people)) {
    const { modelId, embedding } = at(degrees);
    const template = { templateId: `t-${identityId}`, identityId, modelId, embedding };
    builder.put({ identityId, name: identityId }, 1, [{ ...template, enrolledAtMs: wallMs(0) }]);
  }
  return builder.snapshot(1);
}

// Up to 60 degrees the same person; under 53 degrees of another, a duplicate.
const thresholds = { samePerson: similarity(0.5), duplicate: similarity(0.6) };
const gallery = galleryOf({ ada: 0, bo: 90 });

describe('checkEnrolment', () => {
  it('accepts a newcomer who resembles nobody', () => {
    const request = { identityId: 'cy', samples: [at(200), at(210)], gallery, thresholds };
    assert.deepEqual(checkEnrolment(request), { outcome: 'accepted' });
  });

  it('accepts a further sample of an enrolled person', () => {
    const request = { identityId: 'ada', samples: [at(10)], gallery, thresholds };
    assert.deepEqual(checkEnrolment(request), { outcome: 'accepted' });
  });

  it('refuses a newcomer who is enrolled under another id, and names that id', () => {
    const check = checkEnrolment({
      identityId: 'cy',
      samples: [at(220), at(85)],
      gallery,
      thresholds,
    });
    assert.ok(check.outcome === 'refused');
    assert.deepEqual(check.refusal, { reason: 'duplicate-person', resembles: 'bo' });
    assert.equal(check.sample, 1);
    assert.match(check.text, /Sample 2 .* bo/);
    assert.ok(Math.abs((check.similarity ?? 0) - Math.cos((5 * Math.PI) / 180)) < 1e-6);
  });

  it('finds the other person behind the own one in the ranking', () => {
    const twins = galleryOf({ ada: 0, bo: 20 });
    const request = { identityId: 'ada', samples: [at(5)], gallery: twins, thresholds };
    const check = checkEnrolment(request);
    assert.ok(check.outcome === 'refused' && check.refusal.reason === 'duplicate-person');
  });

  it('refuses a sample unlike the templates that the person has', () => {
    const check = checkEnrolment({ identityId: 'ada', samples: [at(180)], gallery, thresholds });
    assert.ok(check.outcome === 'refused');
    assert.equal(check.refusal.reason, 'unlike-own-templates');
    assert.match(check.text, /does not look like the person/);
  });

  it('refuses samples that are not of one person', () => {
    const request = { identityId: 'cy', samples: [at(200), at(270)], gallery, thresholds };
    const check = checkEnrolment(request);
    assert.ok(check.outcome === 'refused');
    assert.deepEqual(check.refusal, { reason: 'samples-disagree', otherSample: 0 });
    assert.match(check.text, /Samples 1 and 2/);
  });

  it('refuses to enrol from nothing', () => {
    const check = checkEnrolment({ identityId: 'cy', samples: [], gallery, thresholds });
    assert.ok(check.outcome === 'refused' && check.refusal.reason === 'no-sample');
  });

  it('meets a threshold exactly on the safe side: equal is a duplicate, equal is the same person', () => {
    const own = checkEnrolment({
      identityId: 'ada',
      samples: [at(0)],
      gallery: galleryOf({ ada: 0 }),
      thresholds: { samePerson: similarity(1), duplicate: similarity(1) },
    });
    assert.equal(own.outcome, 'accepted');
    const other = checkEnrolment({
      identityId: 'cy',
      samples: [at(0)],
      gallery: galleryOf({ ada: 0 }),
      thresholds: { samePerson: similarity(1), duplicate: similarity(1) },
    });
    assert.equal(other.outcome, 'refused');
  });
});
