import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { CliHome, type CliOutcome, photograph } from './portico-cli.ts';

const errorOf = ({ out }: CliOutcome): Readonly<Record<string, string>> =>
  (JSON.parse(out) as { error: Record<string, string> }).error;

/** One story: each step builds on the one before it. */
describe('portico, from the first enrolment to the last deletion', () => {
  const home = new CliHome();
  let resident = '';
  let enrolled = '';
  let stranger = '';
  before(async () => {
    resident = await home.portrait('resident');
    enrolled = await home.portrait('enrolled');
    stranger = await home.portrait('stranger');
  });

  it('enrols the first person from one photograph and makes store and key', async () => {
    const outcome = await home.run('enrol', 'ada', enrolled, '--name', 'Ada L.', '--json');
    assert.equal(outcome.code, 0, outcome.err);
    const change = { identityId: 'ada', photos: 1, templates: 1, change: 'enrolled' };
    assert.deepEqual(JSON.parse(outcome.out), change);
    assert.equal(statSync(home.keyPath).mode & 0o777, 0o400);
    assert.equal(statSync(home.storePath).mode & 0o077, 0);
  });

  it('keeps neither the photograph nor the name in the clear', () => {
    for (const suffix of ['', '-wal']) {
      let bytes = Buffer.alloc(0);
      try {
        bytes = readFileSync(home.storePath + suffix);
      } catch {
        // No log: it was moved into the database.
      }
      assert.equal(bytes.includes('Ada L.'), false);
      assert.equal(bytes.includes('PNG'), false);
    }
  });

  it('recognises her on a photograph of another day', async () => {
    const outcome = await home.run('identify', resident, '--json');
    assert.equal(outcome.code, 0, outcome.err);
    const found = JSON.parse(outcome.out) as Record<string, unknown>;
    assert.equal(found['isMatch'], true);
    assert.equal(found['personsSearched'], 1);
  });

  it('does not recognise a stranger', async () => {
    const outcome = await home.run('identify', stranger, '--json');
    assert.equal(outcome.code, 1);
    assert.equal((JSON.parse(outcome.out) as Record<string, unknown>)['isMatch'], false);
  });

  it('says whether two photographs show the same person', async () => {
    assert.equal((await home.run('verify', resident, enrolled)).code, 0);
    const other = await home.run('verify', resident, stranger, '--json');
    assert.equal(other.code, 1);
    const { encoders } = JSON.parse(other.out) as { encoders: { distance: number }[] };
    assert.ok((encoders[0]?.distance ?? 0) > 1);
  });

  it('refuses the same person under another id', async () => {
    const outcome = await home.run('enrol', 'eve', resident, '--json');
    assert.equal(outcome.code, 3);
    assert.equal(errorOf(outcome)['code'], 'PORTICO_ENROL_REFUSED');
    assert.match(errorOf(outcome)['message'] ?? '', /ada/);
  });

  it('refuses a photograph with several faces, one with none, and one that is no picture', async () => {
    const group = await home.run('enrol', 'bob', photograph('sample3.jpg'), '--json');
    assert.equal(group.code, 3);
    assert.match(errorOf(group)['message'] ?? '', /shows \d+ faces/);
    assert.match(errorOf(group)['remedy'] ?? '', /alone/);
    const text = join(home.folder, 'not-a-picture.jpg');
    writeFileSync(text, 'not a picture');
    const unreadable = await home.run('enrol', 'bob', text, '--json');
    assert.equal(unreadable.code, 3);
    assert.equal(errorOf(unreadable)['code'], 'PORTICO_IMAGE_UNREADABLE');
  });

  it('refuses all photographs when one of them is refused', async () => {
    const outcome = await home.run('enrol', 'bob', stranger, enrolled, '--json');
    assert.equal(outcome.code, 3);
    const { out } = await home.run('people', 'ls', '--json');
    assert.equal((JSON.parse(out) as unknown[]).length, 1);
  });

  it('adds templates to a person whom it knows', async () => {
    const outcome = await home.run('enroll', 'ada', resident, '--json');
    assert.equal(outcome.code, 0, outcome.err);
    assert.equal((JSON.parse(outcome.out) as Record<string, unknown>)['change'], 'templates-added');
  });

  it('enrols another person with dates', async () => {
    const dates = ['--valid-from', '2026-01-01', '--valid-until', '2099-06-30'];
    const outcome = await home.run('enrol', 'bob', stranger, ...dates);
    assert.equal(outcome.code, 0, outcome.err);
    assert.match(outcome.out, /enrolled bob: 1 photograph\(s\), 1 template\(s\)/);
    assert.equal((await home.run('enrol', 'bob', stranger, '--valid-until', 'soon')).code, 2);
  });

  it('lists and shows people, templates without their numbers', async () => {
    const { out } = await home.run('people', 'ls', '--json');
    const people = JSON.parse(out) as { identityId: string; templates: number }[];
    assert.deepEqual(people.map(({ identityId, templates }) => [identityId, templates]).sort(), [
      ['ada', 2],
      ['bob', 1],
    ]);
    const shown = await home.run('people', 'show', 'ada', '--json');
    assert.equal(shown.code, 0);
    assert.doesNotMatch(shown.out, /embedding/);
    assert.equal((await home.run('people', 'show', 'nobody')).code, 1);
  });

  it('deletes people, and nobody by half when one id is unknown', async () => {
    const wrong = await home.run('people', 'rm', 'bob', 'nobody', '--json');
    assert.equal(wrong.code, 3);
    assert.equal(errorOf(wrong)['code'], 'PORTICO_STORE_UNKNOWN_IDENTITY');
    const { out } = await home.run('people', 'ls', '--json');
    assert.equal((JSON.parse(out) as unknown[]).length, 2);
    const removed = await home.run('people', 'rm', 'ada', 'bob', '--json');
    assert.equal(removed.code, 0, removed.err);
    assert.deepEqual(JSON.parse(removed.out), [
      { identityId: 'ada', erasure: 'erased' },
      { identityId: 'bob', erasure: 'erased' },
    ]);
    assert.equal((await home.run('identify', resident)).code, 1);
  });
});
