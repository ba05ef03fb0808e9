import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readManifest } from '../../../src/inference/catalogue.ts';
import { type ModelSetFile, ModelSets } from '../../../src/inference/model-sets.ts';
import { faultCoded, scratchFolder } from '../../helpers/store-bench.ts';

const shippedModels = fileURLToPath(new URL('../../../../models/', import.meta.url));
const bench = scratchFolder();
const DETECTOR = 'blazeface-back';

/** A release of its own, with the manifests of this one. */
function aRelease(name: string): { readonly shipped: string; readonly folder: string } {
  const shipped = join(bench, name, 'shipped');
  mkdirSync(shipped, { recursive: true });
  for (const id of readdirSync(shippedModels)) {
    if (/^(prepare|painter)$|\./.test(id)) continue;
    cpSync(join(shippedModels, id), join(shipped, id), { recursive: true });
  }
  return { shipped, folder: join(bench, name, 'state', 'models') };
}

function changed(
  shipped: string,
  id: string,
  changes: Readonly<Record<string, unknown>>,
): ModelSetFile {
  const manifest = JSON.parse(readFileSync(join(shipped, id, 'manifest.json'), 'utf8'));
  return { path: `${id}/manifest.json`, text: JSON.stringify({ ...manifest, ...changes }) };
}
const described = (shipped: string, description: string): readonly ModelSetFile[] => [
  changed(shipped, DETECTOR, { description }),
];
const descriptionIn = (sets: ModelSets): string =>
  readManifest(sets.directory(), DETECTOR).description;

describe('sets of models', () => {
  it('begin with those of the release', () => {
    const release = aRelease('shipped');
    const sets = new ModelSets(release);
    assert.equal(sets.directory(), release.shipped);
    assert.equal(sets.noteStart(), 'settled');
    assert.ok(!existsSync(release.folder));
  });

  it('stand beside them until they are begun, and are in force when they are confirmed', () => {
    const release = aRelease('adopted');
    const sets = new ModelSets(release);
    const before = descriptionIn(sets);
    const set = sets.build(described(release.shipped, 'a better detector'));
    assert.equal(descriptionIn(sets), before);
    sets.begin(set, 'key-1');
    const started = new ModelSets(release);
    assert.deepEqual([started.noteStart(), started.trialBy], ['on-trial', 'key-1']);
    assert.equal(descriptionIn(started), 'a better detector');
    started.confirm();
    assert.deepEqual([started.noteStart(), started.trialBy], ['settled', undefined]);
    assert.equal(started.name, set.name);
  });

  it('are taken back, to what was in force before them', () => {
    const release = aRelease('back');
    const sets = new ModelSets(release);
    sets.begin(sets.build(described(release.shipped, 'second')), 'k');
    sets.confirm();
    sets.begin(sets.build(described(release.shipped, 'third')), 'k');
    assert.equal(descriptionIn(sets), 'third');
    sets.takeBack();
    assert.equal(descriptionIn(sets), 'second');
    assert.equal(sets.noteStart(), 'settled');
  });

  it('are taken back when the gate has ended twice without confirming them', () => {
    const release = aRelease('crashing');
    const sets = new ModelSets(release);
    sets.begin(sets.build(described(release.shipped, 'crashes')), 'k');
    const starts = [1, 2, 3, 4].map(() => new ModelSets(release).noteStart());
    assert.deepEqual(starts, ['on-trial', 'on-trial', 'taken-back', 'settled']);
    assert.equal(sets.directory(), release.shipped);
  });

  it('are no more in force when the release brings other manifests, and are again when it goes', () => {
    const release = aRelease('upgraded');
    const sets = new ModelSets(release);
    sets.begin(sets.build(described(release.shipped, 'of the site')), 'k');
    sets.confirm();
    const path = join(release.shipped, DETECTOR, 'manifest.json');
    const shipped = readFileSync(path, 'utf8');
    writeFileSync(path, shipped.replace(/"description": "[^"]*"/, '"description": "newer"'));
    assert.equal(descriptionIn(sets), 'newer');
    writeFileSync(path, shipped);
    assert.equal(descriptionIn(sets), 'of the site');
  });

  it('count as none when the note of them is damaged', () => {
    const release = aRelease('damaged');
    const sets = new ModelSets(release);
    sets.begin(sets.build(described(release.shipped, 'lost')), 'k');
    writeFileSync(join(release.folder, 'in-force.json'), '{"schemaVersion":1');
    assert.equal(sets.directory(), release.shipped);
  });

  it('keep the sets that nobody goes back to no longer than needed', () => {
    const release = aRelease('tidy');
    const sets = new ModelSets(release);
    for (const description of ['one', 'two', 'three']) {
      sets.begin(sets.build(described(release.shipped, description)), 'k');
      sets.confirm();
    }
    assert.equal(readdirSync(join(release.folder, 'sets')).length, 1);
  });
});

describe('a set of models is refused', () => {
  const release = aRelease('refused');
  const sets = new ModelSets(release);
  const refuses = (what: string, file: ModelSetFile, code = 'PORTICO_MODEL_MANIFEST'): void => {
    it(what, () => {
      assert.throws(() => sets.build([file]), faultCoded(code));
      assert.equal(sets.directory(), release.shipped);
      assert.deepEqual(readdirSync(join(release.folder, 'sets')), []);
    });
  };
  const { shipped } = release;
  refuses('with a file outside of its folders', { path: '../escape/manifest.json', text: '{}' });
  refuses('with anything but texts of models', { path: 'painter/painter.onnx', text: '{}' });
  refuses('with a manifest that is none', { path: `${DETECTOR}/manifest.json`, text: '{}' });
  refuses('with a model of another task', changed(shipped, DETECTOR, { task: 'iris' }));
  refuses(
    'with other weights of an encoder: everybody would have to be enrolled anew',
    changed(shipped, 'mobilefacenet-512', { description: 'other weights' }),
  );
  refuses(
    'with a file of this machine',
    changed(shipped, DETECTOR, {
      source: { type: 'file', files: [{ path: '/etc/passwd', sha256: 'a'.repeat(64) }] },
    }),
  );
  refuses(
    'with thresholds that are none',
    { path: 'mobilefacenet-512/calibration.json', text: '{"modelId":"mobilefacenet-512"}' },
    'PORTICO_MODEL_CALIBRATION',
  );
  refuses(
    'with liveness weights that are none',
    { path: 'liveness-fusion/weights.json', text: '{}' },
    'PORTICO_MODEL_CALIBRATION',
  );
});
