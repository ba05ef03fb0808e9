import { seededRandom } from '../numeric/random.ts';
import type { LabelledPicture } from './labelled-pictures.ts';
import type { LabelledPair } from './pairs-csv.ts';

const SEED = 4;

/**
 * Every mated pair of pictures of known people, and for each of them one non-mated pair: its left picture
 * with a random picture of somebody else.
 */
export function pairsOfPictures(pictures: readonly LabelledPicture[]): readonly LabelledPair[] {
  const random = seededRandom(SEED);
  const pairs: LabelledPair[] = [];
  for (const [index, left] of pictures.entries()) {
    for (const right of pictures.slice(index + 1)) {
      if (right.person !== left.person) continue;
      pairs.push(pairOf(left, right, pairs.length));
      const stranger = strangerTo(left, pictures, random());
      if (stranger !== undefined) pairs.push(pairOf(left, stranger, pairs.length));
    }
  }
  return pairs;
}

const pairOf = (left: LabelledPicture, right: LabelledPicture, index: number): LabelledPair => ({
  left: left.path,
  right: right.path,
  mated: left.person === right.person,
  line: index + 1,
});

/** The first picture of another person, from a random place onwards. */
function strangerTo(
  { person }: LabelledPicture,
  pictures: readonly LabelledPicture[],
  draw: number,
): LabelledPicture | undefined {
  const from = Math.floor(draw * pictures.length);
  return [...pictures.slice(from), ...pictures.slice(0, from)].find(
    (picture) => picture.person !== person,
  );
}
