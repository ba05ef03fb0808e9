/**
 * Writes the digest, size and opset of what a manifest's source converts to into the manifest
 * itself: for a new model, and after a change to a converter.
 *
 *     node dist/models/prepare/seal-manifest.js <models folder> <id> [cache folder]
 *
 * Look at the difference before committing it: a digest that changed without a reason is a fault.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeGraph } from '../../src/graph/decode-graph.ts';
import { readManifest } from '../../src/inference/catalogue.ts';
import { convertSource } from './convert-source.ts';
import { sha256Of } from './digests.ts';
import { Downloads } from './downloads.ts';
import { fetchSource } from './fetch-source.ts';
import { systemNpm } from './npm-client.ts';

const [modelsDir, id, cacheDir = join(tmpdir(), 'portico-seal')] = process.argv.slice(2);
if (modelsDir === undefined || id === undefined) {
  console.error('usage: seal-manifest <models folder> <id> [cache folder]');
  process.exit(2);
}
const manifest = readManifest(modelsDir, id);
if (manifest.kind !== 'network') {
  console.error(`${id} is not a network: it has nothing to seal`);
  process.exit(2);
}
const source = await fetchSource(manifest, {
  manifestDir: join(modelsDir, id),
  downloads: new Downloads(cacheDir),
  npm: systemNpm,
  report: () => undefined,
});
const onnx = convertSource(manifest, source);
const prepared = { sha256: sha256Of(onnx), bytes: onnx.byteLength };
const { opset } = decodeGraph(onnx, id);
const file = join(modelsDir, id, 'manifest.json');
const text = JSON.parse(readFileSync(file, 'utf8'));
const sealed = { ...text, conversion: { ...text.conversion, opset }, prepared };
writeFileSync(file, `${JSON.stringify(sealed, null, 2)}\n`);
console.log(`${file}: ${manifest.prepared.sha256} -> ${prepared.sha256}`);
