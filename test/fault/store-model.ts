import assert from 'node:assert/strict';
import { wallMs } from '../../src/domain/units.ts';
import type { Store } from '../../src/gallery/store.ts';
import { templateRows, unitVector } from '../helpers/store-data.ts';

const MODEL_ID = 'encoder-a';
const DIMENSION = 128;

/** One change of a store; `seed` gives the name and the templates. A record's version follows from the model. */
export interface StoreChange {
  readonly kind:
    | 'enrol'
    | 'add'
    | 'update'
    | 'delete'
    | 'event'
    | 'acknowledge'
    | 'record'
    | 'tombstone';
  readonly identityId: string;
  readonly seed: number;
}

interface ModelPerson {
  readonly name: string;
  /** Every template's vector as text. */
  readonly rows: readonly string[];
}

/** What a store must hold after the changes that it has acknowledged. */
export interface StoreModel {
  readonly people: ReadonlyMap<string, ModelPerson>;
  readonly outbox: { readonly acknowledged: number; readonly last: number };
  /** Person or tombstone, and the version, by identity. */
  readonly marks: ReadonlyMap<string, string>;
}

export const EMPTY_MODEL: StoreModel = {
  people: new Map(),
  outbox: { acknowledged: 0, last: 0 },
  marks: new Map(),
};

const nameOf = (seed: number): string => `Name ${seed} ${'.'.repeat(seed % 150)}`;
const templateOf = (seed: number) => ({
  modelId: MODEL_ID,
  embedding: unitVector(seed, DIMENSION),
});
const rowsOf = (...seeds: readonly number[]): string[] =>
  seeds.map((seed) => String(templateOf(seed).embedding));

export function applyChange(store: Store, change: StoreChange): void {
  const { kind, identityId, seed } = change;
  if (kind === 'enrol') {
    const templates = [templateOf(seed), templateOf(seed + 1)];
    store.enrol({ identityId, name: nameOf(seed), templates });
  } else if (kind === 'add') store.addTemplates(identityId, [templateOf(seed)]);
  else if (kind === 'update') store.updateIdentity({ identityId, name: nameOf(seed) });
  else if (kind === 'delete') store.deleteIdentity(identityId);
  else if (kind === 'acknowledge') store.acknowledgeUpTo(store.outboxRange().last);
  else if (kind === 'event') {
    store.append({ type: 'fault.raised', code: identityId, detail: String(seed) });
  } else applyRecord(store, change);
}

function applyRecord(store: Store, { kind, identityId, seed }: StoreChange): void {
  const before = store.rosterMarks().find((mark) => mark.identityId === identityId);
  const version = (before?.version ?? 0) + 1;
  const mark = { identityId, version, digest: `d${seed}`, isVouchedFor: false };
  if (kind === 'tombstone') {
    store.applyRoster([{ kind, mark: { ...mark, kind } }]);
    return;
  }
  const enrolledAtMs = wallMs(1_800_000_000_000);
  const template = { ...templateOf(seed), templateId: `t-${seed}`, identityId, enrolledAtMs };
  const person = { identity: { identityId, name: nameOf(seed) }, templates: [template] };
  store.applyRoster([{ kind: 'person', mark: { ...mark, kind: 'person' }, person }]);
}

export function after(model: StoreModel, { kind, identityId, seed }: StoreChange): StoreModel {
  const { outbox } = model;
  if (kind === 'event') return { ...model, outbox: { ...outbox, last: outbox.last + 1 } };
  if (kind === 'acknowledge') {
    return { ...model, outbox: { ...outbox, acknowledged: outbox.last } };
  }
  const people = new Map(model.people);
  const known = people.get(identityId) ?? { name: '', rows: [] };
  if (kind === 'delete' || kind === 'tombstone') people.delete(identityId);
  if (kind === 'enrol') {
    people.set(identityId, { name: nameOf(seed), rows: rowsOf(seed, seed + 1) });
  }
  if (kind === 'record') people.set(identityId, { name: nameOf(seed), rows: rowsOf(seed) });
  if (kind === 'update') people.set(identityId, { ...known, name: nameOf(seed) });
  if (kind === 'add') people.set(identityId, { ...known, rows: [...known.rows, ...rowsOf(seed)] });
  if (kind !== 'record' && kind !== 'tombstone') return { ...model, people };
  const marks = new Map(model.marks);
  const version = Number(marks.get(identityId)?.split(' ')[1] ?? 0) + 1;
  marks.set(identityId, `${kind === 'record' ? 'person' : 'tombstone'} ${version}`);
  return { ...model, people, marks };
}

/** Everything that the model says, in one order. */
export function modelText(model: StoreModel): string {
  const people = [...model.people]
    .map(([identityId, { name, rows }]) => ({ identityId, name, rows: [...rows].sort() }))
    .sort((left, right) => (left.identityId < right.identityId ? -1 : 1));
  return JSON.stringify({ people, outbox: model.outbox, marks: [...model.marks].sort() });
}

/** Reads everything out of a store. @throws AssertionError when an event that waits is missing */
export function readModel(store: Store): StoreModel {
  const rows = new Map(
    templateRows(store.snapshot(), MODEL_ID).map(([id, vector]) => [id, String(vector)]),
  );
  const people = store.identities().map(({ identityId, name }): [string, ModelPerson] => {
    const own = store.templatesOf(identityId).map(({ templateId }) => rows.get(templateId) ?? '');
    return [identityId, { name, rows: own }];
  });
  const outbox = store.outboxRange();
  assert.deepEqual(
    store.eventsAfter(0, 1_000_000).map(({ number }) => number),
    Array.from(
      { length: outbox.last - outbox.acknowledged },
      (_, index) => outbox.acknowledged + index + 1,
    ),
    'events are numbered without gaps',
  );
  const marks = store
    .rosterMarks()
    .map(({ identityId, kind, version }): [string, string] => [identityId, `${kind} ${version}`]);
  return { people: new Map(people), outbox, marks: new Map(marks) };
}
