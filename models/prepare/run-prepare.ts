/**
 * Prepares models without the command line of Portico, for development:
 *
 *     node dist/models/prepare/run-prepare.js <cache folder> [id...]
 */
import { fileURLToPath } from 'node:url';
import { PorticoError } from '../../src/domain/errors.ts';
import { prepareModels } from './prepare-models.ts';

const [cacheDir, ...ids] = process.argv.slice(2);
if (cacheDir === undefined) {
  console.error('usage: run-prepare <cache folder> [id...]');
  process.exit(2);
}
// Compiled to dist/models/prepare; the manifests stay in the source tree.
const modelsDir = fileURLToPath(new URL('../../../models/', import.meta.url));
try {
  const summaries = await prepareModels({
    modelsDir,
    cacheDir,
    ...(ids.length === 0 ? {} : { ids }),
    onProgress: (progress) => {
      if (progress.step !== 'download') console.log(`${progress.id}: ${progress.step}`);
    },
  });
  for (const { id, outcome } of summaries) console.log(`${id}: ${outcome}`);
} catch (error) {
  if (!(error instanceof PorticoError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.remedy}`);
  process.exit(1);
}
