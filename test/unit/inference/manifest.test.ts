import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { manifestIds, readManifest } from '../../../src/inference/catalogue.ts';
import { parseManifest } from '../../../src/inference/manifest.ts';

const modelsDir = fileURLToPath(new URL('../../../../models/', import.meta.url));
const file = join(modelsDir, 'facemesh', 'manifest.json');
const facemesh = () => JSON.parse(readFileSync(file, 'utf8'));

/** Changes one field of a good manifest. */
function broken(change: (manifest: ReturnType<typeof facemesh>) => void): () => void {
  const manifest = facemesh();
  change(manifest);
  return () => parseManifest(JSON.stringify(manifest), 'manifest.json');
}

describe('model manifest', () => {
  it('is right for every model that ships', () => {
    const ids = manifestIds(modelsDir);
    assert.ok(ids.length >= 12, ids.join(' '));
    for (const id of ids) assert.equal(readManifest(modelsDir, id).id, id);
  });

  const faults: Readonly<Record<string, Parameters<typeof broken>[0]>> = {
    'an unknown field': (manifest) => {
      manifest.colour = 'blue';
    },
    'a range of versions': (manifest) => {
      manifest.source.version = '^3.3.6';
    },
    'a digest that is too short': (manifest) => {
      manifest.prepared.sha256 = 'abc';
    },
    'a mean that does not fit the channels': (manifest) => {
      manifest.input.mean = [127];
    },
    'a colour order that is not known': (manifest) => {
      manifest.input.colourOrder = 'rbg';
    },
    'a division by zero': (manifest) => {
      manifest.input.std = [0, 0, 0];
    },
    'a plain http source elsewhere': (manifest) => {
      const [{ sha256 }] = manifest.source.files;
      manifest.source = { type: 'https', files: [{ url: 'http://example.com/m.onnx', sha256 }] };
    },
    'an embedding without a dimension': (manifest) => {
      manifest.task = 'embedding';
    },
  };
  for (const [what, change] of Object.entries(faults)) {
    it(`refuses ${what}`, () => {
      assert.throws(broken(change), { code: 'PORTICO_MODEL_MANIFEST', message: /manifest\.json/ });
    });
  }

  it('refuses what is not JSON', () => {
    assert.throws(() => parseManifest('{', 'm.json'), { code: 'PORTICO_MODEL_MANIFEST' });
  });
});
