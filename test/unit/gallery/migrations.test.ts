import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { MIGRATIONS, migrate, schemaVersionOf } from '../../../src/gallery/migrations.ts';
import { scratchFolder } from '../../helpers/store-bench.ts';

const folder = scratchFolder();
const STEPS = [
  { summary: 'doors', sql: 'CREATE TABLE doors (id INTEGER PRIMARY KEY, label TEXT) STRICT' },
  {
    summary: 'doors have a floor',
    sql: "ALTER TABLE doors ADD COLUMN floor INTEGER NOT NULL DEFAULT 0; UPDATE doors SET floor = 2 WHERE label LIKE 'upper%'",
  },
  { summary: 'floors are searched', sql: 'CREATE INDEX doors_by_floor ON doors (floor)' },
];

describe('migrations', () => {
  it('lead from every version to the last with the data carried along', () => {
    for (let from = 1; from <= STEPS.length; from += 1) {
      const db = new Database(':memory:');
      migrate(db, STEPS.slice(0, from));
      db.exec("INSERT INTO doors (id, label) VALUES (1, 'upper east')");
      migrate(db, STEPS);
      assert.equal(schemaVersionOf(db), STEPS.length);
      const door = db.prepare<[], { floor: number }>('SELECT floor FROM doors').get();
      assert.equal(door?.floor, from === 1 ? 2 : 0);
      db.close();
    }
  });

  it('do nothing the second time', () => {
    const db = new Database(':memory:');
    migrate(db, STEPS);
    migrate(db, STEPS);
    assert.equal(schemaVersionOf(db), STEPS.length);
    db.close();
  });

  it('happen wholly or not at all', () => {
    const db = new Database(join(folder, 'half.db'));
    migrate(db, STEPS.slice(0, 1));
    const broken = [...STEPS, { summary: 'broken', sql: 'CREATE TABLE x (y); SELECT nonsense()' }];
    assert.throws(() => migrate(db, broken), /nonsense/);
    assert.equal(schemaVersionOf(db), 1);
    assert.equal(db.prepare('SELECT * FROM doors').columns().length, 2);
    db.close();
  });

  it('make the same schema however often they are built', () => {
    const schema = () => {
      const db = new Database(':memory:');
      migrate(db);
      return db.prepare('SELECT sql FROM sqlite_schema ORDER BY name').all();
    };
    assert.deepEqual(schema(), schema());
    assert.ok(MIGRATIONS.every(({ summary }) => summary.length > 5));
  });
});
