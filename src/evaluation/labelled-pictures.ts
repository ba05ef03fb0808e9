import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EvaluationError } from '../domain/errors.ts';
import { csvFault, csvTable } from './csv-table.ts';
import { leavesRoot, PAIR_COLUMNS, parsePairsCsv } from './pairs-csv.ts';
import { personOf } from './people-graph.ts';

/** A picture and the person it shows. */
export interface LabelledPicture {
  /** Relative to the root of the data. */
  readonly path: string;
  readonly person: string;
}

const PICTURE = /\.(jpe?g|png|webp)$/i;

/**
 * Reads a list of pictures of known people: one column `file`; the folder of a picture names the person.
 * @throws PORTICO_EVALUATION_DATA naming the line
 */
export function parsePictureList(text: string, source: string): readonly LabelledPicture[] {
  return csvTable(text, ['file'], source).map(({ line, cells }) => {
    const path = cells[0] ?? '';
    if (leavesRoot(path) || !path.includes('/')) {
      throw csvFault(source, line, `'${path}' is not of the form person/picture.jpg`);
    }
    return { path, person: personOf(path) };
  });
}

/**
 * The pictures of a list of labelled pairs, each once.
 * @throws PORTICO_EVALUATION_DATA naming the line where the label and the folders disagree about who is who
 */
function picturesOfPairs(text: string, source: string): readonly LabelledPicture[] {
  const pictures = new Map<string, LabelledPicture>();
  for (const { left, right, mated, line } of parsePairsCsv(text, source)) {
    if ((personOf(left) === personOf(right)) !== mated) {
      throw csvFault(source, line, 'the folders name one person if and only if mated is 1');
    }
    for (const path of [left, right]) pictures.set(path, { path, person: personOf(path) });
  }
  return [...pictures.values()];
}

function picturesOfList(text: string, source: string): readonly LabelledPicture[] {
  const isOfPairs = text.trimStart().startsWith(PAIR_COLUMNS.join(','));
  return isOfPairs ? picturesOfPairs(text, source) : parsePictureList(text, source);
}

/**
 * Pictures of known people: from a list (of pictures, or of labelled pairs of them) when `list` is a file, else every picture of a folder that holds
 * one folder per person.
 * @param root  the folder that the list's paths are relative to, or the labelled folder itself
 * @throws PORTICO_EVALUATION_DATA when there is nothing to read or fewer than two people
 */
export async function labelledPictures(
  root: string,
  list?: string,
): Promise<readonly LabelledPicture[]> {
  const pictures =
    list === undefined ? await picturesOfFolder(root) : picturesOfList(await readText(list), list);
  const people = new Set(pictures.map(({ person }) => person)).size;
  if (people < 2) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `${list ?? root} holds pictures of ${people} people; comparisons need at least two`,
      remedy: 'Give a folder with one folder of pictures per person, or a list of such pictures.',
    });
  }
  return pictures;
}

async function picturesOfFolder(root: string): Promise<readonly LabelledPicture[]> {
  const folder = await stat(root).catch(() => undefined);
  const entries =
    folder?.isDirectory() === true ? await readdir(root, { withFileTypes: true }) : [];
  const people = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const pictures: LabelledPicture[] = [];
  for (const person of people.sort()) {
    const names = (await readdir(join(root, person))).filter((name) => PICTURE.test(name)).sort();
    pictures.push(...names.map((name) => ({ path: `${person}/${name}`, person })));
  }
  return pictures;
}

/** @throws PORTICO_EVALUATION_DATA when the file cannot be read */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `${path} cannot be read`,
      remedy: 'Give the path of an existing list.',
      cause,
    });
  }
}
