import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DENY_REASONS } from '../../../src/domain/deny-reasons.ts';
import { KIOSK_LANGUAGES } from '../../../src/kiosk/kiosk-message.ts';
import {
  KIOSK_ADVICE,
  KIOSK_DOOR_STATES,
  KIOSK_MODES,
  KIOSK_RELAY_STATES,
} from '../../../src/kiosk/kiosk-state.ts';
import { importPageModule } from '../../helpers/page-module.ts';

interface Words {
  readonly headline: string;
  readonly detail: string;
}
interface Messages {
  readonly modes: Record<string, Words>;
  readonly reasons: Record<string, Words>;
  readonly advice: Record<string, Words>;
  readonly door: Record<string, string>;
  readonly relay: Record<string, string>;
  welcomeByName(name: string): string;
  waiver(because: string): string;
  faultCodes(codes: string): string;
}
const { MESSAGES, chooseLanguage } = await importPageModule<{
  MESSAGES: Record<string, Messages>;
  chooseLanguage(wishes: readonly (string | null | undefined)[]): string;
}>('language.js');

const PAGE_MODES = [...KIOSK_MODES, 'starting', 'disconnected'];

describe('the texts of the page', () => {
  it('exist in every language that can be configured', () => {
    assert.deepEqual(Object.keys(MESSAGES).sort(), [...KIOSK_LANGUAGES].sort());
  });

  for (const language of KIOSK_LANGUAGES) {
    const messages = MESSAGES[language]!;
    const texts = [messages.modes, messages.reasons, messages.advice].flatMap((group) =>
      Object.values(group).flatMap(({ headline, detail }) => [headline, detail]),
    );

    it(`name every mode, reason, advice, door and relay state in ${language}, and nothing else`, () => {
      assert.deepEqual(Object.keys(messages.modes).sort(), [...PAGE_MODES].sort());
      assert.deepEqual(Object.keys(messages.reasons).sort(), [...DENY_REASONS].sort());
      assert.deepEqual(Object.keys(messages.advice).sort(), [...KIOSK_ADVICE].sort());
      assert.deepEqual(Object.keys(messages.door).sort(), [...KIOSK_DOOR_STATES].sort());
      assert.deepEqual(Object.keys(messages.relay).sort(), [...KIOSK_RELAY_STATES].sort());
      for (const text of [...texts, ...Object.values(messages.door)]) {
        assert.notEqual(text.trim(), '');
      }
    });

    it(`fit a glance in ${language}`, () => {
      const limit = language === 'en' ? { headline: 24, detail: 82 } : { headline: 9, detail: 34 };
      for (const group of [messages.modes, messages.reasons, messages.advice]) {
        for (const { headline, detail } of Object.values(group)) {
          assert.ok(headline.length <= limit.headline, headline);
          assert.ok(detail.length <= limit.detail, detail);
        }
      }
    });

    it(`tell an attacker nothing in ${language}: no figures, one wording for every mismatch`, () => {
      for (const text of texts) assert.doesNotMatch(text, /\d|%/);
      const mismatches = [
        'attack-suspected',
        'no-match',
        'ambiguous-match',
        'claim-contradicted',
        'gallery-empty',
      ];
      for (const reason of mismatches) {
        assert.deepEqual(messages.reasons[reason], messages.reasons['no-match'], reason);
      }
      for (const reason of [
        'roster-unconfirmed',
        'not-yet-valid',
        'no-longer-valid',
        'outside-hours',
      ]) {
        assert.deepEqual(messages.reasons[reason], messages.reasons['outside-hours'], reason);
      }
    });

    it(`repeat the operator's own words in ${language}`, () => {
      assert.match(messages.waiver('shown at a fair'), /shown at a fair/);
      assert.match(messages.welcomeByName('Ada'), /Ada/);
      assert.match(messages.faultCodes('PORTICO_USAGE'), /PORTICO_USAGE/);
    });
  }
});

describe('chooseLanguage', () => {
  it('takes the first wish it can fulfil', () => {
    assert.equal(chooseLanguage(['zh-Hans', 'en']), 'zh-Hans');
    assert.equal(chooseLanguage([null, 'auto', undefined, 'zh-CN']), 'zh-Hans');
    assert.equal(chooseLanguage(['fr', 'en-US', 'zh']), 'en');
  });

  it('falls back on English', () => {
    assert.equal(chooseLanguage([]), 'en');
    assert.equal(chooseLanguage(['de', '<script>']), 'en');
  });
});
