import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ArtSettings } from '../../../src/domain/art.ts';
import { PorticoError } from '../../../src/domain/errors.ts';
import {
  type ArtShelf,
  recallArtSettings,
  rememberArtSettings,
} from '../../../src/idle/gate/art-memory.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';

const CONFIGURED: ArtSettings = { isOn: true, manner: 'fast', style: 'every', intervalS: 60 };
const CHANGED: ArtSettings = { isOn: false, manner: 'slow', style: 'udnie', intervalS: 90 };

function aShelf(value?: string): ArtShelf {
  let kept = value;
  return {
    setting: () => kept,
    setSetting: (_name, text) => {
      kept = text;
    },
  };
}

describe('memory of the art’s settings', () => {
  it('keeps what was changed over a restart', () => {
    const shelf = aShelf();
    assert.deepEqual(recallArtSettings(shelf, CONFIGURED), CONFIGURED);
    const logger = new RecordingLogger();
    rememberArtSettings(shelf, logger, { configured: CONFIGURED, changed: CHANGED });
    assert.deepEqual(recallArtSettings(shelf, CONFIGURED), CHANGED);
  });

  it('follows the configuration when that has changed since', () => {
    const shelf = aShelf();
    const logger = new RecordingLogger();
    rememberArtSettings(shelf, logger, { configured: CONFIGURED, changed: CHANGED });
    const newer = { ...CONFIGURED, style: 'great-wave' };
    assert.deepEqual(recallArtSettings(shelf, newer), newer);
  });

  it('follows the configuration when it cannot be read', () => {
    for (const text of ['', 'no json', '{"changed":{"isOn":1}}', 'null']) {
      assert.deepEqual(recallArtSettings(aShelf(text), CONFIGURED), CONFIGURED, text);
    }
  });

  it('goes on when it cannot be written', () => {
    const shelf: ArtShelf = {
      setting: () => undefined,
      setSetting: () => {
        throw new PorticoError('PORTICO_STORE_WRITE', { message: 'full', remedy: 'none' });
      },
    };
    const logger = new RecordingLogger();
    rememberArtSettings(shelf, logger, { configured: CONFIGURED, changed: CHANGED });
  });
});
