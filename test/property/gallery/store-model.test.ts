import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Identity } from '../../../src/domain/identity.ts';
import { wallMs } from '../../../src/domain/units.ts';
import type { Store } from '../../../src/gallery/store.ts';
import { openTestStore, scratchFolder } from '../../helpers/store-bench.ts';
import { templateRows, testKey, unitVector } from '../../helpers/store-data.ts';

const folder = scratchFolder();
/** Raise for a long search: STORE_MODEL_RUNS=1000. */
const { STORE_MODEL_RUNS = '15' } = process.env;
let made = 0;

interface Person {
  readonly identity: Identity;
  readonly seeds: readonly number[];
}

/** What a store should hold, in plain maps. */
interface Model {
  readonly people: Map<string, Person>;
  readonly settings: Map<string, string>;
  events: number;
  acknowledged: number;
  key: number;
}

type Step =
  | {
      readonly kind: 'enrol' | 'update' | 'delete' | 'add';
      readonly who: number;
      readonly seed: number;
    }
  | { readonly kind: 'event' | 'acknowledge' | 'rotate' | 'reopen' | 'second-process' }
  | { readonly kind: 'setting'; readonly value: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: about('enrol'), weight: 4 },
  { arbitrary: about('update'), weight: 1 },
  { arbitrary: about('delete'), weight: 2 },
  { arbitrary: about('add'), weight: 2 },
  {
    arbitrary: fc.record({
      kind: fc.constantFrom('event', 'acknowledge', 'rotate', 'reopen', 'second-process'),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({ kind: fc.constant('setting' as const), value: fc.string() }),
    weight: 1,
  },
);

function about(kind: 'enrol' | 'update' | 'delete' | 'add'): fc.Arbitrary<Step> {
  return fc.record({ kind: fc.constant(kind), who: fc.nat(5), seed: fc.nat(1000) });
}

const templatesOf = (seeds: readonly number[]) =>
  seeds.map((seed) => ({
    modelId: seed % 4 === 0 ? 'encoder-b' : 'encoder-a',
    embedding: unitVector(seed, 16),
  }));

const identityOf = (who: number, seed: number): Identity => ({
  identityId: `p-${who}`,
  name: 'N'.repeat(1 + (seed % 200)),
  ...(seed % 2 === 0 ? { validUntilMs: wallMs(seed) } : { scheduleId: `s-${seed}` }),
});

/** Does the step to both; a step that the store must refuse changes neither. */
function take(store: Store, model: Model, change: Step): void {
  if ('who' in change)
    takePerson(store, model, change.kind, identityOf(change.who, change.seed), change.seed);
  else if (change.kind === 'setting') {
    store.setSetting('a', change.value);
    model.settings.set('a', change.value);
  } else if (change.kind === 'event') {
    model.events += 1;
    assert.equal(store.append({ type: 'door.forced' }).number, model.events);
  } else if (change.kind === 'acknowledge') {
    model.acknowledged = Math.ceil((model.acknowledged + model.events) / 2);
    store.acknowledgeUpTo(model.acknowledged);
  } else if (change.kind === 'rotate') {
    model.key += 1;
    store.rewrapDataKeys(testKey(model.key));
  }
}

function takePerson(
  store: Store,
  { people }: Model,
  kind: 'enrol' | 'update' | 'delete' | 'add',
  identity: Identity,
  seed: number,
): void {
  const { identityId } = identity;
  const known = people.get(identityId);
  if (kind === 'enrol') {
    const enrol = () => store.enrol({ ...identity, templates: templatesOf([seed, seed + 1]) });
    if (known !== undefined) assert.throws(enrol);
    else {
      enrol();
      people.set(identityId, { identity, seeds: [seed, seed + 1] });
    }
    return;
  }
  if (known === undefined) {
    assert.throws(() => store.deleteIdentity(identityId));
    return;
  }
  if (kind === 'update') {
    store.updateIdentity(identity);
    people.set(identityId, { identity, seeds: known.seeds });
  } else if (kind === 'add') {
    store.addTemplates(identityId, templatesOf([seed + 2]));
    people.set(identityId, { identity: known.identity, seeds: [...known.seeds, seed + 2] });
  } else {
    store.deleteIdentity(identityId);
    people.delete(identityId);
  }
}

function assertEqual(store: Store, model: Model): void {
  const byId = (left: Identity, right: Identity) => left.identityId.localeCompare(right.identityId);
  const people = [...model.people.values()];
  assert.deepEqual(
    [...store.identities()].sort(byId),
    people.map(({ identity }) => identity).sort(byId),
  );
  for (const modelId of ['encoder-a', 'encoder-b']) {
    const expected = people.flatMap(({ seeds }) =>
      templatesOf(seeds)
        .filter((template) => template.modelId === modelId)
        .map(({ embedding }) => String(embedding)),
    );
    const rows = templateRows(store.snapshot(), modelId).map(([, vector]) => String(vector));
    assert.deepEqual(rows.sort(), expected.sort());
  }
  assert.equal(store.setting('a'), model.settings.get('a'));
  assert.deepEqual(
    store.eventsAfter(0, 1000).map(({ number }) => number),
    Array.from({ length: model.events - model.acknowledged }, (_, i) => model.acknowledged + i + 1),
  );
}

describe('store', () => {
  it('equals a plain model after every step of any history, across reopening and processes', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
        made += 1;
        const path = join(folder, `model-${made}.db`);
        const model: Model = {
          people: new Map(),
          settings: new Map(),
          events: 0,
          acknowledged: 0,
          key: 1,
        };
        const open = () => openTestStore(path, { key: testKey(model.key) });
        let store = open();
        for (const change of steps) {
          if (change.kind === 'reopen') {
            store.close();
            store = open();
          } else if (change.kind === 'second-process') {
            const other = open();
            const newcomer = { kind: 'enrol', who: 7, seed: model.events } as const;
            take(
              other,
              model,
              model.people.has('p-7') ? { ...newcomer, kind: 'delete' } : newcomer,
            );
            other.close();
          } else take(store, model, change);
          assertEqual(store, model);
        }
        store.close();
        store = open();
        assertEqual(store, model);
        store.close();
      }),
      { numRuns: Number(STORE_MODEL_RUNS) },
    );
  });
});
