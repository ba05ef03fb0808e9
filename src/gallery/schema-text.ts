import Database from 'better-sqlite3';
import { MIGRATIONS, type Migration, migrate } from './migrations.ts';

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string | null;
}

/** Everything that the file's schema consists of, in an order of its own. */
export const schemaRows = (db: Database.Database): readonly SchemaRow[] =>
  db
    .prepare<[], SchemaRow>(
      'SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name',
    )
    .all();

/** Two files with the same text have the same form. */
export const schemaText = (db: Database.Database): string => JSON.stringify(schemaRows(db));

/** The form that the end of `migrations` gives a store. */
export function modelOf<T>(
  read: (model: Database.Database) => T,
  migrations: readonly Migration[] = MIGRATIONS,
): T {
  const model = new Database(':memory:');
  try {
    migrate(model, migrations);
    return read(model);
  } finally {
    model.close();
  }
}
