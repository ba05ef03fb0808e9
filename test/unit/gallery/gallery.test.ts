import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Template } from '../../../src/domain/identity.ts';
import type { Probe } from '../../../src/domain/probe.ts';
import { monotonicMs, wallMs } from '../../../src/domain/units.ts';
import { Gallery } from '../../../src/gallery/gallery.ts';
import { GalleryBuilder } from '../../../src/gallery/gallery-builder.ts';
import { dot } from '../../../src/numeric/linear-algebra.ts';
import { faultCoded } from '../../helpers/store-bench.ts';
import { unitVector } from '../../helpers/store-data.ts';

const DIMENSION = 9;
const probeOf = (seed: number, modelId = 'encoder-a', dimension = DIMENSION): Probe => ({
  modelId,
  embedding: unitVector(seed, dimension),
  capturedAtMs: monotonicMs(0),
});

function template(identityId: string, seed: number, modelId = 'encoder-a'): Template {
  const embedding = unitVector(seed, DIMENSION);
  const templateId = `${identityId}/${modelId}/${seed}`;
  return { templateId, identityId, modelId, embedding, enrolledAtMs: wallMs(0) };
}

const person = (identityId: string) => ({ identityId, name: `Name of ${identityId}` });

/** The definition of the search, written as plainly as possible. */
function expectedBest(templates: readonly Template[], probe: Probe) {
  const best = new Map<string, { templateId: string; similarity: number }>();
  for (const { identityId, templateId, embedding, modelId } of templates) {
    if (modelId !== probe.modelId) continue;
    const similarity = dot(embedding, probe.embedding);
    if (similarity > (best.get(identityId)?.similarity ?? -2)) {
      best.set(identityId, { templateId, similarity });
    }
  }
  const ranked = [...best].sort(([, left], [, right]) => right.similarity - left.similarity);
  return { persons: best.size, ranked: ranked.slice(0, 2) };
}

function assertAnswers(gallery: Gallery, templates: readonly Template[], probe: Probe): void {
  const found = gallery.search(probe);
  const { persons, ranked } = expectedBest(templates, probe);
  assert.equal(found.personsSearched, persons);
  assert.deepEqual(
    found.candidates.map(({ identity, templateId }) => [identity.identityId, templateId]),
    ranked.map(([identityId, { templateId }]) => [identityId, templateId]),
  );
  for (const [rank, candidate] of found.candidates.entries()) {
    assert.ok(Math.abs(candidate.similarity - (ranked[rank]?.[1].similarity ?? 9)) < 1e-6);
  }
}

type Step =
  | { readonly kind: 'put'; readonly person: number; readonly seeds: readonly number[] }
  | { readonly kind: 'remove'; readonly person: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    person: fc.nat(6),
    seeds: fc.uniqueArray(fc.nat(40), { maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('remove' as const), person: fc.nat(6) }),
);

describe('gallery', () => {
  it('finds nobody when it is empty or knows only another encoder', () => {
    const nobody = {
      modelId: 'encoder-a',
      personsSearched: 0,
      templatesCompared: 0,
      candidates: [],
    };
    assert.deepEqual(Gallery.EMPTY.search(probeOf(1)), nobody);
    const builder = new GalleryBuilder();
    builder.put(person('p-1'), 1, [template('p-1', 1, 'encoder-b')]);
    const gallery = builder.snapshot(1);
    assert.deepEqual(gallery.search(probeOf(1)), nobody);
    assert.deepEqual(gallery.compareClaimed(probeOf(1), 'p-1'), nobody);
    assert.deepEqual(gallery.modelIds(), ['encoder-b']);
  });

  it('takes the margin between people, not between templates of one person', () => {
    const builder = new GalleryBuilder();
    builder.put(person('p-1'), 1, [template('p-1', 1), template('p-1', 2), template('p-1', 3)]);
    const alone = builder.snapshot(1).search(probeOf(2));
    assert.equal(alone.candidates.length, 1);
    builder.put(person('p-2'), 2, [template('p-2', 4)]);
    const [first, second] = builder.snapshot(2).search(probeOf(2)).candidates;
    assert.equal(first?.templateId, 'p-1/encoder-a/2');
    assert.ok((first?.similarity ?? 0) > 1 - 1e-6);
    assert.equal(second?.identity.identityId, 'p-2');
  });

  it('compares a claimed person with that person alone', () => {
    const builder = new GalleryBuilder();
    builder.put(person('p-1'), 1, [template('p-1', 1), template('p-1', 2)]);
    builder.put(person('p-2'), 2, [template('p-2', 3)]);
    const gallery = builder.snapshot(2);
    const claimed = gallery.compareClaimed(probeOf(3), 'p-1');
    assert.equal(claimed.personsSearched, 1);
    assert.equal(claimed.candidates.length, 1);
    assert.equal(claimed.candidates[0]?.identity.identityId, 'p-1');
    const expected = Math.max(
      dot(unitVector(1, DIMENSION), unitVector(3, DIMENSION)),
      dot(unitVector(2, DIMENSION), unitVector(3, DIMENSION)),
    );
    assert.ok(Math.abs((claimed.candidates[0]?.similarity ?? 9) - expected) < 1e-6);
    assert.equal(gallery.compareClaimed(probeOf(3), 'p-9').personsSearched, 0);
  });

  it('refuses a probe of another size and finds nobody for one without a direction', () => {
    const builder = new GalleryBuilder();
    builder.put(person('p-1'), 1, [template('p-1', 1)]);
    const gallery = builder.snapshot(1);
    const wrongSize = probeOf(1, 'encoder-a', 8);
    assert.throws(() => gallery.search(wrongSize), faultCoded('PORTICO_NUMERIC_SHAPE'));
    const broken = { ...probeOf(1), embedding: new Float32Array(DIMENSION).fill(Number.NaN) };
    assert.deepEqual(gallery.search(broken).candidates, []);
    assert.deepEqual(gallery.compareClaimed(broken, 'p-1').candidates, []);
  });

  it('answers as its definition says after any changes, and every earlier one still does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.nat(60), (steps, seed) => {
        const builder = new GalleryBuilder();
        const roster = new Map<string, readonly Template[]>();
        const history: { gallery: Gallery; templates: readonly Template[] }[] = [];
        for (const [index, change] of steps.entries()) {
          const identityId = `p-${change.person}`;
          if (change.kind === 'remove') {
            builder.remove(identityId);
            roster.delete(identityId);
          } else {
            // Seeds of one's own: two people with the same template would tie.
            const seeds = change.seeds.map((each) => each + 1000 * change.person);
            const templates = seeds.map((each) =>
              template(identityId, each, each % 3 === 0 ? 'encoder-b' : 'encoder-a'),
            );
            builder.put(person(identityId), index, templates);
            roster.set(identityId, templates);
          }
          history.push({
            gallery: builder.snapshot(index),
            templates: [...roster.values()].flat(),
          });
        }
        for (const { gallery, templates } of history) {
          assertAnswers(gallery, templates, probeOf(seed + 100));
          assertAnswers(gallery, templates, probeOf(seed + 100, 'encoder-b'));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('grows past its first room and keeps every row', () => {
    const builder = new GalleryBuilder();
    const templates = Array.from({ length: 300 }, (_, seed) => template(`p-${seed % 90}`, seed));
    for (let index = 0; index < 90; index += 1) {
      const own = templates.filter(({ identityId }) => identityId === `p-${index}`);
      builder.put(person(`p-${index}`), index, own);
    }
    assertAnswers(builder.snapshot(1), templates, probeOf(1000));
  });
});
