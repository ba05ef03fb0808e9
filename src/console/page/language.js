import { messagesEn } from './messages-en.js';
import { messagesZhHans } from './messages-zh-hans.js';

/** @typedef {typeof messagesEn} Words everything that the page says */
/** @typedef {'en' | 'zh-Hans'} Language */

/** @type {Record<Language, Words>} */
export const WORDS = { en: messagesEn, 'zh-Hans': messagesZhHans };

const KEPT_AS = 'portico.language';

/**
 * The first of the wishes that is spoken here; English when none is.
 * @param {readonly (string | null | undefined)[]} wishes language tags, most wanted first
 * @returns {Language}
 */
export function chooseLanguage(wishes) {
  for (const wish of wishes) {
    const tag = (wish ?? '').toLowerCase();
    if (tag === 'zh' || tag.startsWith('zh-')) return 'zh-Hans';
    if (tag === 'en' || tag.startsWith('en-')) return 'en';
  }
  return 'en';
}

/** What the reader chose before, else what the browser asks for. */
export const currentLanguage = () =>
  chooseLanguage([localStorage.getItem(KEPT_AS), ...navigator.languages]);

/** @param {Language} language for this visit and the next ones */
export function changeLanguage(language) {
  localStorage.setItem(KEPT_AS, language);
  location.reload();
}
