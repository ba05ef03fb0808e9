import { ask } from './api.js';
import { confirmDialog, openDialog } from './dialog.js';
import { button, el, icon, replace } from './dom.js';

/** @typedef {import('../order-desk.ts').OrderReport} OrderReport */

/** Closes the whole site, from wherever one is, and shows which gate obeyed. */
export class LockDown {
  #desk;
  #slot = el('div', { class: 'lock-down' });

  /** @param {import('./main.js').Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    this.element = this.#slot;
    for (const kind of ['snapshot', 'gate']) desk.live.addEventListener(kind, () => this.#show());
  }

  get #gates() {
    return this.#desk.live.site?.gates ?? [];
  }

  get #mayOperate() {
    return this.#desk.live.site?.roles.includes('operate') ?? false;
  }

  async order() {
    if (!this.#mayOperate || this.#gates.length === 0) return;
    const { lockDown, common } = this.#desk.words;
    const isSure = await confirmDialog({
      title: lockDown.title,
      text: lockDown.text(this.#gates.length),
      confirm: lockDown.confirm,
      cancel: common.cancel,
      kind: 'danger',
    });
    if (isSure) await this.#give('lock-down');
  }

  async #lift() {
    const { lockDown, common } = this.#desk.words;
    const isSure = await confirmDialog({
      title: lockDown.liftTitle,
      text: lockDown.liftText,
      confirm: lockDown.liftConfirm,
      cancel: common.cancel,
    });
    if (isSure) await this.#give('release');
  }

  #show() {
    const { lockDown } = this.#desk.words;
    const gates = this.#gates;
    const closed = gates.filter(({ state }) => state?.gate.door === 'locked-down').length;
    this.#slot.hidden = !this.#mayOperate || gates.length === 0;
    const isAll = closed > 0 && closed === gates.length;
    const state = `${closed}/${gates.length}`;
    if (this.#slot.dataset['state'] === state) return;
    this.#slot.dataset['state'] = state;
    const order = button({
      label: lockDown.all,
      kind: 'danger',
      glyph: 'shield',
      key: 'l',
      onClick: () => void this.order(),
    });
    order.classList.add('everywhere');
    order.setAttribute('aria-label', lockDown.all);
    order.querySelector('span')?.classList.add('long');
    order.append(el('span', { class: 'short', text: lockDown.short }));
    replace(
      this.#slot,
      closed > 0 &&
        el(
          'p',
          { class: 'in-force' },
          icon('shield'),
          el('span', { text: lockDown.inForce(closed, gates.length) }),
        ),
      !isAll && order,
      closed > 0 &&
        button({ label: lockDown.liftAll, glyph: 'unlock', onClick: () => void this.#lift() }),
    );
  }

  /** @param {'lock-down' | 'release'} order */
  async #give(order) {
    const { words, live } = this.#desk;
    const results = new Map(
      this.#gates.map(({ gateId }) => [gateId, el('li', { class: 'waiting' })]),
    );
    for (const [gateId, item] of results) {
      replace(item, el('strong', { text: gateId }), el('span', { text: words.lockDown.waiting }));
    }
    const onOrder = (/** @type {Event} */ event) => {
      /** @type {{ report: OrderReport }} */
      const { report } = /** @type {CustomEvent} */ (event).detail;
      const item = results.get(report.gateId);
      if (report.order === order && item !== undefined) this.#showResult(item, report);
    };
    live.addEventListener('order', onOrder);
    openDialog({
      title: words.lockDown.results,
      closeLabel: words.common.close,
      body: [
        el('ul', { class: 'results', attributes: { 'aria-live': 'polite' } }, ...results.values()),
      ],
      onClose: () => live.removeEventListener('order', onOrder),
    });
    const answer = await ask('POST', '/api/orders', { order });
    if (!answer.ok) {
      const text = words.faultText(answer.status, answer.body);
      for (const [gateId, item] of results) {
        this.#showResult(item, { gateId, order, result: { outcome: 'unsent', text } });
      }
      return;
    }
    for (const report of answer.body) {
      const item = results.get(report.gateId);
      if (item !== undefined) this.#showResult(item, report);
    }
  }

  /**
   * @param {HTMLElement} item
   * @param {OrderReport} report
   */
  #showResult(item, { gateId, order, result }) {
    const { lockDown } = this.#desk.words;
    const isClosing = order === 'lock-down';
    const isDone = result.outcome === 'done';
    const text = isDone
      ? isClosing
        ? lockDown.done
        : lockDown.lifted
      : 'text' in result
        ? result.text
        : isClosing
          ? lockDown.noAnswer
          : lockDown.noAnswerLift;
    item.className = isDone ? 'good' : 'bad';
    replace(
      item,
      icon(isDone ? 'check' : 'warning'),
      el('strong', { text: gateId }),
      el('span', { text }),
    );
  }
}
