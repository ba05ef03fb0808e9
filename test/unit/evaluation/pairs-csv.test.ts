import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PorticoError } from '../../../src/domain/errors.ts';
import { parsePictureList } from '../../../src/evaluation/labelled-pictures.ts';
import { parsePairsCsv } from '../../../src/evaluation/pairs-csv.ts';

const faultAt =
  (line: number) =>
  (error: unknown): boolean =>
    error instanceof PorticoError &&
    error.code === 'PORTICO_EVALUATION_DATA' &&
    error.message.startsWith(`list.csv, line ${line}:`);

describe('parsePairsCsv', () => {
  it('reads pairs with their lines, whatever the ends of line', () => {
    assert.deepEqual(
      parsePairsCsv('left,right,mated\r\na/1.jpg,a/2.jpg,1\r\na/1.jpg,b/1.jpg,0\r\n', 'x'),
      [
        { left: 'a/1.jpg', right: 'a/2.jpg', mated: true, line: 2 },
        { left: 'a/1.jpg', right: 'b/1.jpg', mated: false, line: 3 },
      ],
    );
  });

  const faulty: readonly (readonly [string, string, number])[] = [
    ['another header', 'a,b,c\nx,y,1', 1],
    ['no row', 'left,right,mated\n', 2],
    ['a missing cell', 'left,right,mated\na/1,b/1,0\na/1,b/2', 3],
    ['an empty cell', 'left,right,mated\na/1,,0', 2],
    ['an empty line', 'left,right,mated\na/1,b/1,0\n\na/1,b/2,0', 3],
    ['another flag', 'left,right,mated\na/1,b/1,yes', 2],
    ['quotes', 'left,right,mated\n"a/1",b/1,0', 2],
    ['an absolute path', 'left,right,mated\n/etc/passwd,b/1,0', 2],
    ['a path out of the root', 'left,right,mated\na/../../b,b/1,0', 2],
  ];
  for (const [what, text, line] of faulty) {
    it(`refuses ${what} and names the line`, () => {
      assert.throws(() => parsePairsCsv(text, 'list.csv'), faultAt(line));
    });
  }
});

describe('parsePictureList', () => {
  it('takes the person from the folder', () => {
    assert.deepEqual(parsePictureList('file\nAnn/1.jpg\nBob/1.jpg\n', 'x'), [
      { path: 'Ann/1.jpg', person: 'Ann' },
      { path: 'Bob/1.jpg', person: 'Bob' },
    ]);
  });

  it('refuses a picture without a person', () => {
    assert.throws(() => parsePictureList('file\n1.jpg', 'list.csv'), faultAt(2));
  });
});
