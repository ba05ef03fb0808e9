import { ask } from './api.js';
import { openDialog } from './dialog.js';
import { el, icon, replace } from './dom.js';

/**
 * Opens the picture of an event. It is in the page as long as the dialog is open.
 * @param {import('./main.js').Desk} desk
 * @param {object} event
 * @param {string} event.gateId
 * @param {number} event.number
 * @param {string} event.what
 * @param {string} event.why
 * @param {number} event.expiresAtMs
 */
export function showPicture({ words, format }, { gateId, number, what, why, expiresAtMs }) {
  const { pictures } = words;
  const frame = el(
    'div',
    { class: 'portrait', attributes: { 'aria-live': 'polite' } },
    el('p', { text: pictures.opening }),
  );
  /** @type {string | undefined} */
  let url;
  let isOpen = true;
  const until = `${format.date(expiresAtMs)}, ${format.time(expiresAtMs)}`;
  openDialog({
    title: `${what} · ${gateId} #${number}`,
    class: 'picture',
    closeLabel: words.common.close,
    body: [
      frame,
      el(
        'div',
        { class: 'caption' },
        why !== '' && el('p', { text: why }),
        el('p', { class: 'hint', text: pictures.until(until) }),
      ),
    ],
    onClose: () => {
      isOpen = false;
      if (url !== undefined) URL.revokeObjectURL(url);
    },
  });
  void ask('GET', `/api/pictures/${encodeURIComponent(gateId)}/${number}`).then((answer) => {
    if (!isOpen) return;
    if (!answer.ok) {
      /** @type {Record<string, string>} */
      const reasons = pictures.reasons;
      const text = reasons[answer.body.reason] ?? pictures.failed;
      replace(frame, icon('photo'), el('p', { text }));
      return;
    }
    const bytes = Uint8Array.from(atob(answer.body.jpeg), (character) => character.charCodeAt(0));
    url = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
    replace(frame, el('img', { attributes: { src: url, alt: pictures.alt(gateId, number) } }));
  });
}
