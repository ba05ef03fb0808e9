import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { cacheDirectory, loadConfig, stateDirectory } from '../../../src/config/load.ts';
import { ConfigError } from '../../../src/domain/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-config-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const environment = { XDG_DATA_HOME: folder, XDG_CACHE_HOME: folder };

function written(value: unknown): string {
  const path = join(folder, 'written.json');
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

function refusal(value: unknown, overrides?: Record<string, unknown>): ConfigError {
  try {
    loadConfig({ file: written(value), environment, ...(overrides && { overrides }) });
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error;
  }
  return assert.fail('the configuration was accepted');
}

describe('loadConfig', () => {
  it('has a complete default that requires liveness and a simulated relay', () => {
    const config = loadConfig({ environment });
    assert.deepEqual(config.policy.liveness, {
      required: true,
      challenge: 'when-undecided',
      challengeAfterMs: 4_000,
    });
    assert.equal(config.door.relay, 'simulated:');
    assert.equal(config.store.path, join(folder, 'portico', 'portico.db'));
    assert.ok(Object.isFrozen(config.policy));
  });

  it('names every unknown key and every value out of range in one error', () => {
    const error = refusal({
      schemaVersion: 1,
      policy: { targetFpir: 2 },
      camera: { sauce: 'x' },
      dor: {},
    });
    assert.equal(error.code, 'PORTICO_CONFIG_INVALID');
    for (const part of ['targetFpir', 'sauce', 'dor'])
      assert.match(error.message, new RegExp(part));
  });

  it('refuses a pulse above the maximum, an unknown schedule and an unknown time zone', () => {
    const error = refusal({
      schemaVersion: 1,
      door: { pulseMs: 9000, maximumPulseMs: 5000 },
      policy: { defaultSchedule: 'office' },
      gate: { timeZone: 'Mars/Olympus' },
    });
    for (const part of ['pulseMs', 'office', 'Olympus'])
      assert.match(error.message, new RegExp(part));
  });

  it('wants a folder for a gallery, and styles for slow painting', () => {
    const { message } = refusal({ schemaVersion: 1, art: { content: 'gallery', manner: 'slow' } });
    assert.match(message, /needs art\.gallery/);
    assert.match(message, /needs art\.styles/);
  });

  it('shows no code and no comings and goings to a network unless told to', () => {
    const problemsOf = (homeAssistant: Readonly<Record<string, unknown>>): string =>
      refusal({ schemaVersion: 1, homeAssistant: { enabled: true, ...homeAssistant } }).message;
    const broker = 'mqtt://house:1883';
    assert.match(problemsOf({ broker }), /allowsPlainText/);
    assert.match(
      problemsOf({ broker, allowsPlainText: true, allowsOpening: true }),
      /allowsOpening/,
    );
    assert.match(problemsOf({ certificateFile: 'gate.crt' }), /need each other/);
    const file = written({
      schemaVersion: 1,
      homeAssistant: { enabled: true, allowsOpening: true },
    });
    const { homeAssistant } = loadConfig({ file, environment: {} });
    assert.equal(homeAssistant.broker, 'mqtt://127.0.0.1:1883');
    assert.equal(
      loadConfig({ file: written({ schemaVersion: 1 }), environment: {} }).homeAssistant.enabled,
      false,
    );
  });

  it('lets gate and art process meet in the run directory, else where state lives', () => {
    const socketOf = (environment: Readonly<Record<string, string>>): string =>
      loadConfig({ environment }).art.socket;
    assert.equal(socketOf({ STATE_DIRECTORY: '/s', RUNTIME_DIRECTORY: '/r' }), '/r/art.sock');
    assert.equal(socketOf({ STATE_DIRECTORY: '/s' }), '/s/art.sock');
  });

  it('refuses a kiosk that listens beyond the machine', () => {
    assert.match(refusal({ schemaVersion: 1, kiosk: { host: '0.0.0.0' } }).message, /host/);
  });

  it('checks values from the command line like those from the file', () => {
    assert.match(refusal({ schemaVersion: 1 }, { kiosk: { port: 99_999 } }).message, /port/);
    const config = loadConfig({
      file: written({ schemaVersion: 1, kiosk: { port: 1, language: 'en' } }),
      environment,
      overrides: { kiosk: { port: 2 } },
    });
    assert.equal(config.kiosk.port, 2);
    assert.equal(config.kiosk.language, 'en');
  });

  it('tells a file that is missing or not JSON from one that is wrong', () => {
    assert.equal(refusal('{').code, 'PORTICO_CONFIG_UNREADABLE');
    assert.throws(
      () => loadConfig({ file: join(folder, 'absent.json'), environment }),
      (error: unknown) =>
        error instanceof ConfigError && error.code === 'PORTICO_CONFIG_UNREADABLE',
    );
  });

  it('prefers the directories that the service manager gives', () => {
    const service = { ...environment, STATE_DIRECTORY: '/state', CACHE_DIRECTORY: '/cache' };
    assert.equal(stateDirectory(service), '/state');
    assert.equal(cacheDirectory(service), '/cache/models');
  });

  it('makes no pictures of anybody unless asked, and then of refusals for three days', () => {
    assert.equal(loadConfig({ environment }).site.pictures, undefined);
    const asked = { schemaVersion: 1, site: { pictures: {} } };
    const { site } = loadConfig({ file: written(asked), environment });
    assert.deepEqual(site.pictures, { of: ['denied', 'attack-suspected'], keepHours: 72 });
    for (const pictures of [{ keepHours: 721 }, { keepHours: 0 }, { of: [] }, { of: ['all'] }]) {
      assert.equal(
        refusal({ schemaVersion: 1, site: { pictures } }).code,
        'PORTICO_CONFIG_INVALID',
      );
    }
  });
});
