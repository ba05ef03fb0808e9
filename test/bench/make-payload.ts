import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoPortrait } from '../../src/composition/demo-stage.ts';
import { cacheDirectory } from '../../src/config/load.ts';
import { encodePortrait } from '../helpers/encode-portrait.ts';
import { preparedCatalogue } from '../helpers/prepared-vision.ts';
import { writeScenes } from './write-scenes.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const GUEST = join(ROOT, 'test/bench/guest');
const SIZE = '1500M';

/**
 * Writes the disk that the machine is handed: a release with all that it runs with, the same release spoilt, the prepared
 * models, the pictures that the camera shows, a photograph to enrol, and the bench's own programs.
 * @returns the image's path
 */
export async function makePayload(folder: string): Promise<string> {
  const tree = join(folder, 'payload');
  const image = join(folder, 'payload.img');
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(join(tree, 'scenes'), { recursive: true });
  execFileSync(process.execPath, [join(ROOT, 'scripts/stage-release.mjs'), join(tree, 'release')]);
  spoilRelease(tree);
  addWriter(tree);
  cpSync(cacheDirectory(process.env), join(tree, 'models'), { recursive: true });
  cpSync(GUEST, join(tree, 'programs'), { recursive: true });
  await writeScenes(join(tree, 'scenes'));
  const portrait = await encodePortrait(await demoPortrait(preparedCatalogue(), 'enrolled'));
  writeFileSync(join(tree, 'resident.png'), portrait);
  rmSync(image, { force: true });
  writeFileSync(image, '');
  execFileSync('truncate', ['-s', SIZE, image]);
  execFileSync('mke2fs', ['-q', '-t', 'ext4', '-O', '^has_journal', '-d', tree, image]);
  rmSync(tree, { recursive: true, force: true });
  return image;
}

/** A fault that only running shows: the network's library is cut short, as by a disk that was full when it was packed. */
function spoilRelease(tree: string): void {
  execFileSync('cp', ['-al', join(tree, 'release'), join(tree, 'spoilt-release')]);
  const library = execFileSync(
    'find',
    [
      join(tree, 'spoilt-release/node_modules/onnxruntime-node/bin'),
      '-name',
      'libonnxruntime.so*',
      '-type',
      'f',
    ],
    { encoding: 'utf8' },
  ).trim();
  if (!existsSync(library)) throw new Error('the release has no library of networks');
  // A copy of its own: the sound release shares every other file.
  cpSync(library, `${library}.short`);
  truncateSync(`${library}.short`, 1_000_000);
  execFileSync('mv', [`${library}.short`, library]);
}

/** The tests' own writer of a store, beside the packages of the release. */
function addWriter(tree: string): void {
  const writer = join(tree, 'writer');
  mkdirSync(writer);
  for (const part of ['src', 'device', 'models', 'test/fault', 'test/helpers', 'test/bench']) {
    cpSync(join(ROOT, 'dist', part), join(writer, part), { recursive: true });
  }
  for (const part of ['package.json', 'node_modules']) {
    symlinkSync(join('../release', part), join(writer, part));
  }
}
