import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { GateRequest } from '../../../src/cli/composition.ts';
import { siteOpener } from '../../../src/composition/open-site.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';
import { sharedSite } from '../../helpers/site-stand.ts';
import { openTestStore } from '../../helpers/store-bench.ts';

const ENCODERS = [{ modelId: 'encoder-a', dimension: 64 }] as const;

describe('whether a gate joins a site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-open-site-'));
  const store = openTestStore(join(folder, 'gate.db'));
  after(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const passport = join(folder, 'passport.json');
  const opener = (changes: Partial<GateRequest>) => {
    const config = loadConfig({ environment: {}, overrides: { site: { passport } } });
    const request = { config, store, logger: new RecordingLogger(), watcher: {}, ...changes };
    return siteOpener({ request, encoders: ENCODERS, version: '0.0.0' });
  };

  it('is not asked where it has no passport and never had one', () => {
    assert.equal(opener({ speaksAbroad: true }), undefined);
  });

  it('is decided by its passport, which only its owner may read', async () => {
    const { passports } = await sharedSite;
    writeFileSync(passport, JSON.stringify(passports[0]), { mode: 0o600 });
    assert.equal(typeof opener({ speaksAbroad: true }), 'function');
  });

  it('does not depend on anything where a demonstration runs beside it', () => {
    assert.equal(opener({}), undefined);
  });

  it('is a fault where the store was in a site and the passport is gone or damaged', () => {
    writeFileSync(passport, '{}');
    assert.throws(() => opener({ speaksAbroad: true }), { code: 'PORTICO_SITE_FILE' });
    rmSync(passport);
    assert.throws(() => opener({ speaksAbroad: true }), { code: 'PORTICO_SITE_FILE' });
    assert.equal(opener({}), undefined);
  });
});
