import { ask } from './api.js';
import { confirmDialog } from './dialog.js';
import { button, el, icon, replace } from './dom.js';
import { emptyState } from './people-view.js';

/** @typedef {import('../../office/gate-board.ts').GateCard} GateCard */
/** @typedef {NonNullable<GateCard['state']>} GateState */

/** @type {Record<keyof import('./language.js').Words['gates']['door'], string>} */
const GLYPHS = {
  locked: 'lock',
  unlocked: 'unlock',
  open: 'door',
  'held-open': 'warning',
  forced: 'warning',
  'locked-down': 'shield',
  fault: 'warning',
  unknown: 'question',
};
const REFRESH_MS = 10_000;

/** Every gate, live, with what can be ordered. */
export class GatesView {
  #desk;
  #count = el('p', { class: 'count', attributes: { 'aria-live': 'polite' } });
  #list = el('ul', { class: 'cards' });
  /** @type {Map<string, HTMLLIElement>} */
  #cards = new Map();
  /** @type {Set<string>} */
  #underWay = new Set();

  /** @param {import('./main.js').Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    const { words, live } = desk;
    for (const kind of ['snapshot', 'gate', 'connection']) {
      live.addEventListener(kind, () => this.#show());
    }
    // “Two minutes ago” grows old without any news.
    setInterval(() => this.#show(), REFRESH_MS);
    replace(this.#list, el('li', { class: 'card skeleton' }), el('li', { class: 'card skeleton' }));
    this.element = el(
      'section',
      { class: 'view', attributes: { 'aria-labelledby': 'gates-title' } },
      el(
        'header',
        { class: 'view-head' },
        el('div', {}, el('h1', { id: 'gates-title', text: words.gates.title }), this.#count),
      ),
      this.#list,
    );
  }

  #show() {
    const { words, live } = this.#desk;
    const gates = live.site?.gates;
    if (gates === undefined) return;
    const online = gates.filter(({ availability }) => availability === 'online').length;
    this.#count.textContent = gates.length === 0 ? '' : words.gates.count(online, gates.length);
    if (gates.length === 0) {
      replace(
        this.#list,
        el(
          'li',
          { class: 'whole' },
          emptyState('door', words.gates.emptyTitle, words.gates.emptyText),
        ),
      );
      return;
    }
    for (const gate of gates) this.#draw(gate);
    const items = gates.map(({ gateId }) => this.#cards.get(gateId));
    // Only when the set changed: moving a card would take the focus out of it.
    if (items.some((item, index) => this.#list.children[index] !== item))
      replace(this.#list, ...items);
  }

  /** @param {GateCard} gate */
  #draw(gate) {
    const { gateId, availability, state } = gate;
    const item = this.#cards.get(gateId) ?? el('li', { class: 'card gate' });
    this.#cards.set(gateId, item);
    const door = availability === 'online' ? (state?.gate.door ?? 'unknown') : 'unknown';
    item.dataset['availability'] = availability;
    item.dataset['door'] = door;
    item.dataset['gate'] = gateId;
    const focused = item.contains(document.activeElement)
      ? /** @type {HTMLElement} */ (document.activeElement).dataset['order']
      : undefined;
    replace(
      item,
      this.#head(gate),
      el(
        'div',
        { class: 'door' },
        icon(GLYPHS[door]),
        el('span', { text: this.#desk.words.gates.door[door] }),
      ),
      this.#faults(state),
      this.#facts(gate),
      this.#actions(gate, door),
    );
    if (focused !== undefined) {
      /** @type {HTMLElement | null} */ (item.querySelector(`[data-order="${focused}"]`))?.focus();
    }
  }

  /** @param {GateCard} gate */
  #head({ gateId, availability }) {
    const { words } = this.#desk;
    return el(
      'header',
      {},
      el('h2', { text: gateId }),
      el('span', { class: `dot ${availability}`, text: words.gates.availability[availability] }),
    );
  }

  /** @param {GateState | undefined} state */
  #faults(state) {
    const faults = state?.gate.faults ?? [];
    if (faults.length === 0) return undefined;
    return el(
      'ul',
      { class: 'faults', attributes: { 'aria-label': this.#desk.words.gates.faults } },
      ...faults.map((code) => el('li', {}, icon('warning'), el('code', { text: code }))),
    );
  }

  /** @param {GateCard} gate */
  #facts({ state, lastSeenMs }) {
    const { words, format } = this.#desk;
    const { gates } = words;
    /** @type {[string, string, boolean][]} label, value, whether it is a matter of concern */
    const facts = [];
    if (state !== undefined) {
      const { gate, roster, events, refusals } = state;
      const waiting = events.last - events.acknowledged;
      const isBehind = !['current', 'catching-up'].includes(roster.standing);
      const temperatures = Object.values(gate.temperaturesCelsius ?? {});
      const refused = Object.values(refusals).reduce((sum, count) => sum + count, 0);
      const standing = gates.roster[roster.standing];
      facts.push(
        [gates.roster.label, gates.rosterText(standing, roster.epoch, roster.count), isBehind],
        [gates.camera.label, gates.camera[gate.camera], gate.camera === 'fault'],
        [gates.waiting, String(waiting), waiting > 100],
        [gates.version, `${gate.version} · ${gate.provider}`, false],
        [gates.uptime, format.duration(gate.uptimeSeconds * 1_000), false],
      );
      if (temperatures.length > 0) {
        facts.push([gates.temperature, `${Math.round(Math.max(...temperatures))} °C`, false]);
      }
      if (refused > 0) facts.push([gates.refusals, String(refused), true]);
    }
    const seen = lastSeenMs === undefined ? words.common.never : format.ago(lastSeenMs, Date.now());
    facts.push([gates.lastSeen, seen, false]);
    return el(
      'dl',
      {},
      ...facts.map(([label, value, isConcern]) =>
        el(
          'div',
          { class: isConcern ? 'concern' : '' },
          el('dt', { text: label }),
          el('dd', { text: value }),
        ),
      ),
    );
  }

  /**
   * @param {GateCard} gate
   * @param {keyof typeof GLYPHS} door
   */
  #actions({ gateId, availability }, door) {
    const { words, live } = this.#desk;
    if (!(live.site?.roles.includes('operate') ?? false)) return undefined;
    const { gates } = words;
    const isLockedDown = door === 'locked-down';
    const open = button({
      label: gates.open,
      glyph: 'door',
      onClick: () => void this.#open(gateId),
    });
    open.dataset['order'] = 'pulse';
    const other = isLockedDown
      ? button({ label: gates.lift, glyph: 'unlock', onClick: () => void this.#lift(gateId) })
      : button({
          label: gates.lockDown,
          kind: 'danger',
          glyph: 'shield',
          onClick: () => void this.#order(gateId, 'lock-down'),
        });
    other.dataset['order'] = 'lock-down';
    open.disabled = isLockedDown;
    for (const one of [open, other]) {
      if (availability !== 'online' || this.#underWay.has(gateId)) one.disabled = true;
    }
    return el(
      'footer',
      { attributes: { role: 'group', 'aria-label': gates.actions(gateId) } },
      open,
      other,
    );
  }

  /** @param {string} gateId */
  async #open(gateId) {
    const { words } = this.#desk;
    const isSure = await confirmDialog({
      title: words.gates.openTitle(gateId),
      text: words.gates.openText,
      confirm: words.gates.openConfirm,
      cancel: words.common.cancel,
    });
    if (isSure) await this.#order(gateId, 'pulse');
  }

  /** @param {string} gateId */
  async #lift(gateId) {
    const { words } = this.#desk;
    const isSure = await confirmDialog({
      title: words.gates.liftTitle(gateId),
      text: words.gates.liftText,
      confirm: words.gates.lift,
      cancel: words.common.cancel,
    });
    if (isSure) await this.#order(gateId, 'release');
  }

  /**
   * @param {string} gateId
   * @param {'pulse' | 'lock-down' | 'release'} order
   */
  async #order(gateId, order) {
    const { words, notices } = this.#desk;
    this.#underWay.add(gateId);
    this.#show();
    const answer = await ask('POST', `/api/gates/${encodeURIComponent(gateId)}/orders`, { order });
    this.#underWay.delete(gateId);
    this.#show();
    if (!answer.ok) {
      notices.showFault(answer);
      return;
    }
    const { result } = answer.body;
    if (result.outcome === 'done') notices.show('good', words.gates.outcomes[order](gateId));
    else if (result.outcome === 'no-answer') notices.show('bad', words.gates.noAnswer(gateId));
    else notices.show('bad', words.gates.refused(gateId, result.text));
  }
}
