import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configJsonSchema, configKeys } from '../../../src/config/describe-config.ts';
import { loadConfig } from '../../../src/config/load.ts';

describe('configKeys', () => {
  const keys = new Map(configKeys().map((entry) => [entry.key, entry]));

  it('lists every key that a default configuration has', () => {
    const leaves = (value: unknown, path: string): readonly string[] =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && !keys.has(path)
        ? Object.entries(value).flatMap(([name, child]) =>
            leaves(child, path === '' ? name : `${path}.${name}`),
          )
        : [path];
    const config = loadConfig({ environment: { XDG_DATA_HOME: '/nowhere' } });
    const derived = ['store.credentialsDirectory', 'site.credentialsDirectory'];
    const missing = leaves(config, '').filter((key) => !keys.has(key) && !derived.includes(key));
    assert.deepEqual(missing, []);
    assert.ok(keys.size > 30);
  });

  it('gives bounds, default and meaning', () => {
    assert.deepEqual(keys.get('policy.targetFpir'), {
      key: 'policy.targetFpir',
      type: 'number',
      bounds: '1e-8..0.05',
      default: '0.0001',
      description:
        'Tolerated probability that a search among all enrolled people lets a stranger match',
    });
    assert.equal(keys.get('health.host')?.type, '127.0.0.1 | ::1');
    assert.equal(
      keys.get('policy.liveness')?.type,
      '{ required, challenge, challengeAfterMs } | { waivedBecause }',
    );
    assert.equal(keys.get('models.encoders')?.default, '["mobilefacenet-512"]');
    assert.equal(keys.get('site.pictures.keepHours')?.bounds, '1..720');
    assert.match(keys.get('site.pictures.of')?.description ?? '', /sealed for them alone/);
  });
});

describe('configJsonSchema', () => {
  it('refuses unknown keys and demands nothing but the version', () => {
    const schema = configJsonSchema();
    assert.equal(schema['additionalProperties'], false);
    assert.deepEqual(schema['required'], ['schemaVersion']);
  });
});
