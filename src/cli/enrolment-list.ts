import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { PorticoError } from '../domain/errors.ts';
import type { Identity } from '../domain/identity.ts';
import { type CsvRow, csvRows } from './csv-rows.ts';
import { parseInstant } from './parse-instant.ts';

/** One person of a list that is to be enrolled. */
export interface ListedPerson {
  /** What the list calls the person: an id, or a name. */
  readonly entry: string;
  readonly details: Omit<Identity, 'identityId' | 'name'> & { readonly name?: string };
  readonly photos: readonly string[];
}

const PICTURES = ['.jpg', '.jpeg', '.png', '.webp'];
const COLUMNS = {
  required: ['id', 'photo'],
  optional: ['name', 'valid_from', 'valid_until', 'schedule'],
};

/**
 * Whom a folder or a table names, in its order. A folder has one folder, or one picture, per person;
 * a table has the columns id, photo (a file or a folder beside the table) and, if wanted, name,
 * valid_from, valid_until, schedule. Several rows of one id are several photographs of one person.
 * @throws PORTICO_USAGE when there is no such list, or it is not one
 */
export function enrolmentList(source: string): readonly ListedPerson[] {
  const path = resolve(source);
  if (!existsSync(path)) throw misuse(path, 'there is no such folder or file');
  return statSync(path).isDirectory() ? inFolder(path) : inTable(path);
}

function inFolder(folder: string): readonly ListedPerson[] {
  const people = new Map<string, string[]>();
  for (const name of names(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) people.set(name, [...picturesIn(path)]);
    else if (isPicture(name)) {
      const entry = basename(name, extname(name));
      people.set(entry, [...(people.get(entry) ?? []), path]);
    }
  }
  if (people.size === 0) throw misuse(folder, 'there is neither a folder nor a picture in it');
  return [...people].map(([entry, photos]) => ({ entry, details: {}, photos }));
}

function inTable(path: string): readonly ListedPerson[] {
  const people = new Map<string, ListedPerson>();
  for (const row of csvRows(readFileSync(path, 'utf8'), COLUMNS, path)) {
    const entry = row.get('id');
    if (entry === undefined) throw misuse(path, 'a row has no id');
    const photos = photosOf(row, dirname(path));
    const before = people.get(entry) ?? { entry, details: detailsOf(row), photos: [] };
    people.set(entry, { ...before, photos: [...before.photos, ...photos] });
  }
  if (people.size === 0) throw misuse(path, 'it names nobody');
  return [...people.values()];
}

function photosOf(row: CsvRow, folder: string): readonly string[] {
  const photo = row.get('photo');
  if (photo === undefined) return [];
  const path = resolve(folder, photo);
  return existsSync(path) && statSync(path).isDirectory() ? picturesIn(path) : [path];
}

function detailsOf(row: CsvRow): ListedPerson['details'] {
  const [name, from, until] = [row.get('name'), row.get('valid_from'), row.get('valid_until')];
  const scheduleId = row.get('schedule');
  return {
    ...(name === undefined ? {} : { name }),
    ...(from === undefined ? {} : { validFromMs: parseInstant(from) }),
    ...(until === undefined ? {} : { validUntilMs: parseInstant(until) }),
    ...(scheduleId === undefined ? {} : { scheduleId }),
  };
}

const picturesIn = (folder: string): readonly string[] =>
  names(folder)
    .filter(isPicture)
    .map((name) => join(folder, name));

const names = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort();

const isPicture = (name: string): boolean => PICTURES.includes(extname(name).toLowerCase());

const misuse = (path: string, what: string): PorticoError =>
  new PorticoError('PORTICO_USAGE', {
    message: `${path}: ${what}`,
    remedy: 'See: portico enrol --help',
    context: { path },
  });
