import { messagesEn } from './messages-en.js';
import { messagesZhHans } from './messages-zh-hans.js';

/**
 * @typedef {{ headline: string, detail: string }} Words
 * @typedef {import('../kiosk-state.ts').KioskMode | 'starting' | 'disconnected'} PageMode
 * @typedef {object} Messages
 * @property {string} locale for dates and times
 * @property {Record<PageMode, Words>} modes
 * @property {(name: string) => string} welcomeByName
 * @property {Record<import('../../domain/deny-reasons.ts').DenyReason, Words>} reasons
 * @property {Record<import('../kiosk-state.ts').KioskAdvice, Words>} advice
 * @property {Record<import('../kiosk-state.ts').KioskDoorState, string>} door
 * @property {Record<import('../kiosk-state.ts').KioskRelayState, string>} relay
 * @property {(because: string) => string} waiver
 * @property {(codes: string) => string} faultCodes
 * @property {(art: import('../kiosk-message.ts').KioskArt) => string} artTitle as on a museum's label
 */

/** @type {Record<import('../kiosk-message.ts').KioskLanguage, Messages>} */
export const MESSAGES = { en: messagesEn, 'zh-Hans': messagesZhHans };

/**
 * The first of the wishes that is spoken here; English when none is.
 * @param {readonly (string | null | undefined)[]} wishes language tags, most wanted first
 * @returns {import('../kiosk-message.ts').KioskLanguage}
 */
export function chooseLanguage(wishes) {
  for (const wish of wishes) {
    const tag = (wish ?? '').toLowerCase();
    if (tag === 'zh' || tag.startsWith('zh-')) return 'zh-Hans';
    if (tag === 'en' || tag.startsWith('en-')) return 'en';
  }
  return 'en';
}
