import { button, el, icon } from './dom.js';

let dialogs = 0;

/**
 * A modal dialog. The browser keeps focus inside, closes it with Escape, and gives focus back.
 * @param {object} looks
 * @param {string} looks.title
 * @param {string} [looks.class]
 * @param {string} looks.closeLabel
 * @param {(Node | string)[]} looks.body
 * @param {() => void} [looks.onClose]
 */
export function openDialog({ title, class: name = '', closeLabel, body, onClose }) {
  dialogs += 1;
  const titleId = `dialog-title-${dialogs}`;
  const opener = document.activeElement;
  const close = button({
    label: closeLabel,
    kind: 'quiet',
    glyph: 'close',
    onClick: () => dialog.close(),
  });
  close.classList.add('icon-only');
  const dialog = el(
    'dialog',
    { class: `dialog ${name}`, attributes: { 'aria-labelledby': titleId } },
    el('header', {}, el('h2', { id: titleId, text: title }), close),
    ...body,
  );
  dialog.addEventListener('close', () => {
    dialog.remove();
    onClose?.();
    if (opener?.isConnected === false) focusAgain(opener);
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * What had the focus was drawn anew meanwhile, or is gone.
 * @param {Element} opener
 */
function focusAgain(opener) {
  const id = opener instanceof HTMLElement ? opener.dataset['id'] : undefined;
  const same = id === undefined ? null : document.querySelector(`[data-id="${CSS.escape(id)}"]`);
  /** @type {HTMLElement | null} */ (same ?? document.getElementById('content'))?.focus();
}

/**
 * Asks before something that matters.
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text
 * @param {string} question.confirm
 * @param {string} question.cancel
 * @param {'danger' | 'primary'} [question.kind]
 * @returns {Promise<boolean>}
 */
export function confirmDialog({ title, text, confirm, cancel, kind = 'primary' }) {
  return new Promise((resolve) => {
    let isSure = false;
    const sure = button({
      label: confirm,
      kind,
      onClick: () => {
        isSure = true;
        dialog.close();
      },
    });
    const dialog = openDialog({
      title,
      class: 'confirm',
      closeLabel: cancel,
      body: [
        el('div', { class: `question ${kind}` }, icon('warning'), el('p', { text })),
        el('footer', {}, button({ label: cancel, onClick: () => dialog.close() }), sure),
      ],
      onClose: () => resolve(isSure),
    });
    sure.focus();
  });
}

/** Whether shortcuts belong to the page now. */
export const isDialogOpen = () => document.querySelector('dialog[open]') !== null;
