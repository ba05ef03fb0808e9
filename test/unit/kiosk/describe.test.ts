import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { wallMs } from '../../../src/domain/units.ts';
import { composeHeader, type KioskHeader } from '../../../src/kiosk/kiosk-message.ts';
import { KIOSK_ADVICE, KIOSK_MODES, type KioskState } from '../../../src/kiosk/kiosk-state.ts';
import { FIXTURE_SETTINGS, stateOf } from '../../helpers/kiosk-fixture.ts';
import { importPageModule } from '../../helpers/page-module.ts';

interface View {
  readonly layout: string;
  readonly glyph: string;
  readonly headline: string;
  readonly detail: string;
  readonly codes: string;
}
const page = await importPageModule<{
  describe(mode: string, header: KioskHeader | undefined, messages: unknown): View;
}>('describe.js');
const { MESSAGES } = await importPageModule<{ MESSAGES: Record<string, unknown> }>('language.js');

const viewOf = (changes: Partial<KioskState>, settings = FIXTURE_SETTINGS): View => {
  const state = stateOf(changes);
  const header = composeHeader(state, settings, { number: 1, frame: undefined, wallMs: wallMs(0) });
  return page.describe(state.mode, header, MESSAGES['en']);
};

describe('describe', () => {
  it('says what the visitor can do while he is looked at', () => {
    assert.equal(viewOf({ mode: 'look-here', advice: 'too-far' }).headline, 'Come closer');
    assert.equal(viewOf({ mode: 'checking', advice: 'too-dark' }).headline, 'More light, please');
    assert.equal(
      viewOf({ mode: 'checking', reasons: ['several-subjects'] }).headline,
      'One at a time',
    );
  });

  it('lets no advice stand beside a greeting or a refusal', () => {
    assert.equal(viewOf({ mode: 'welcome', advice: 'too-far' }).headline, 'Welcome');
    assert.equal(viewOf({ mode: 'refused', advice: 'too-far' }).headline, 'Not recognised');
  });

  it('gives the reason of a refusal', () => {
    assert.equal(viewOf({ mode: 'refused', reasons: ['outside-hours'] }).headline, 'No access now');
  });

  it('points to the side of the screen that is the visitor’s own left', () => {
    const changes = { mode: 'checking', advice: 'challenge-turn-left' } as const;
    assert.equal(viewOf(changes).glyph, 'left');
    assert.equal(viewOf(changes, { ...FIXTURE_SETTINGS, mirrored: false }).glyph, 'right');
  });

  it('names the faults for the installer only in the fault state', () => {
    const faults = ['PORTICO_CAMERA_STALLED'] as const;
    assert.match(viewOf({ mode: 'fault', faults }).codes, /PORTICO_CAMERA_STALLED/);
    assert.equal(viewOf({ mode: 'idle', faults }).codes, '');
  });

  it('hides the picture of the camera wherever nobody needs it', () => {
    for (const mode of ['idle', 'offline', 'fault', 'locked-down'] as const) {
      assert.notEqual(viewOf({ mode }).layout, 'mirror', mode);
    }
    assert.equal(page.describe('disconnected', undefined, MESSAGES['en']).layout, 'poster');
  });

  it('draws only glyphs that the page has', () => {
    const html = readFileSync(
      new URL('../../../src/kiosk/page/index.html', import.meta.url),
      'utf8',
    );
    const views = [
      ...KIOSK_MODES.map((mode) => viewOf({ mode })),
      ...KIOSK_ADVICE.map((advice) => viewOf({ mode: 'checking', advice })),
      viewOf({ mode: 'checking', reasons: ['several-subjects'] }),
    ];
    for (const { glyph } of views) assert.match(html, new RegExp(`id="glyph-${glyph}"`));
  });
});
