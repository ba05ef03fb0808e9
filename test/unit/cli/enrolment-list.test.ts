import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { csvRows } from '../../../src/cli/csv-rows.ts';
import { enrolmentList } from '../../../src/cli/enrolment-list.ts';
import { faultCoded } from '../../helpers/store-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-list-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text = ''): string => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
};
const columns = { required: ['id'], optional: ['name', 'valid_from'] };
const usage = faultCoded('PORTICO_USAGE');

describe('csvRows', () => {
  it('reads what spreadsheets write: quotes, either separator, either end of line, any order', () => {
    const rows = csvRows('\uFEFFName;ID\r\n"L.; Ada ""A""";p-1\r\n\r\n;p-2\r\n', columns, 'x.csv');
    assert.deepEqual(
      rows.map((row) => [...row]),
      [
        [
          ['name', 'L.; Ada "A"'],
          ['id', 'p-1'],
        ],
        [['id', 'p-2']],
      ],
    );
    const [row] = csvRows('id,valid from\np-1,"2026-01-01\n"', columns, 'x.csv');
    assert.equal(row?.get('valid_from'), '2026-01-01');
  });

  it('refuses columns that it does not know, and those that are missing', () => {
    assert.throws(() => csvRows('id,colour\n', columns, 'x.csv'), /colour/);
    assert.throws(() => csvRows('name\n', columns, 'x.csv'), usage);
    assert.throws(() => csvRows('id\n"p-1', columns, 'x.csv'), /never closed/);
  });
});

describe('enrolmentList', () => {
  it('takes one person per folder or picture', () => {
    for (const name of [
      'f/ada/1.jpg',
      'f/ada/2.PNG',
      'f/ada/notes.txt',
      'f/bob.webp',
      'f/.x.jpg',
    ]) {
      file(name);
    }
    const list = enrolmentList(join(folder, 'f'));
    assert.deepEqual(
      list.map(({ entry, photos }) => [entry, photos.length]),
      [
        ['ada', 2],
        ['bob', 1],
      ],
    );
  });

  it('joins the rows of one person, and finds photographs beside the table', () => {
    file('t/photos/1.jpg');
    file('t/photos/2.jpg');
    file('t/one.jpg');
    const table =
      'id,photo,name,valid_until\nada,photos,Ada,2027-06-30\nada,one.jpg,,\nbob,none.jpg,,\n';
    const [ada, bob] = enrolmentList(file('t/people.csv', table));
    assert.deepEqual(ada?.details, { name: 'Ada', validUntilMs: Date.parse('2027-06-30') });
    assert.deepEqual(
      ada.photos.map((path) => path.slice(folder.length)),
      ['/t/photos/1.jpg', '/t/photos/2.jpg', '/t/one.jpg'],
    );
    assert.equal(bob?.photos.length, 1);
  });

  it('says what is wrong with a list', () => {
    assert.throws(() => enrolmentList(join(folder, 'nowhere')), usage);
    mkdirSync(join(folder, 'empty'));
    assert.throws(() => enrolmentList(join(folder, 'empty')), /neither a folder nor a picture/);
    assert.throws(() => enrolmentList(file('e.csv', 'id,photo\n')), /nobody/);
    assert.throws(() => enrolmentList(file('d.csv', 'id,photo,valid_until\na,b,soon\n')), usage);
    assert.throws(() => enrolmentList(file('n.csv', 'id,photo\n,b\n')), /no id/);
  });
});
