import { button, el, icon } from './dom.js';

const SHOWN_MS = 6_000;
/** More would hide what they are about. */
const SHOWN_MAX = 3;

/** Short reports in a corner, read out by screen readers; bad news stays until it is put away. */
export class Notices {
  #list = el('ul', { class: 'notices', attributes: { role: 'status', 'aria-live': 'polite' } });
  #words;

  /** @param {import('./language.js').Words} words */
  constructor(words) {
    this.#words = words;
    document.body.append(this.#list);
  }

  /**
   * @param {'good' | 'bad'} kind
   * @param {string} text
   */
  show(kind, text) {
    const close = button({
      label: this.#words.common.dismiss,
      kind: 'quiet',
      glyph: 'close',
      onClick: () => notice.remove(),
    });
    close.classList.add('icon-only');
    const notice = el(
      'li',
      { class: `notice ${kind}` },
      icon(kind === 'good' ? 'check' : 'warning'),
      el('p', { text }),
      close,
    );
    this.#list.append(notice);
    while (this.#list.children.length > SHOWN_MAX) this.#list.firstElementChild?.remove();
    if (kind === 'good') setTimeout(() => notice.remove(), SHOWN_MS);
  }

  /**
   * Says what the console did not do, in words.
   * @param {import('./api.js').NotDone} fault
   */
  showFault({ status, body }) {
    this.show('bad', this.#words.faultText(status, body));
  }
}
