import { openDialog } from './dialog.js';
import { el } from './dom.js';

/** @typedef {{ views: () => void, search: () => void, enrol: () => void, lockDown: () => void }} Actions */

/** @param {import('./language.js').Words} words */
export function shortcutList(words) {
  const { shortcuts } = words;
  /** @type {[string[], string][]} */
  const list = [
    [['1', '2', '3', '4'], shortcuts.views],
    [['/'], shortcuts.search],
    [['N'], shortcuts.enrol],
    [['L'], shortcuts.lockDown],
    [['?'], shortcuts.help],
    [['Esc'], shortcuts.close],
  ];
  return el(
    'dl',
    { class: 'shortcuts' },
    ...list.map(([keys, what]) =>
      el(
        'div',
        {},
        el('dt', {}, ...keys.map((key) => el('kbd', { text: key }))),
        el('dd', { text: what }),
      ),
    ),
  );
}

/** @param {import('./language.js').Words} words */
export function showShortcuts(words) {
  openDialog({
    title: words.common.shortcuts,
    closeLabel: words.common.close,
    body: [shortcutList(words)],
  });
}
