// Run as a child by training-kill.test.ts, which kills it: trains in a folder and tells every step on a pipe that is written
// synchronously.
import { writeSync } from 'node:fs';
import { trainInFolder } from '../../src/art/training-folder.ts';
import { smallTraining } from '../helpers/small-training.ts';

const [folder = ''] = process.argv.slice(2);
await trainInFolder({
  ...(await smallTraining(folder)),
  onStep: ({ step }) => writeSync(1, `${step}\n`),
});
