import { el, field, icon, replace } from './dom.js';
import { emptyState } from './people-view.js';
import { showPicture } from './picture-dialog.js';

/** @typedef {import('../console-news.ts').NamedEvent} NamedEvent */
/** @typedef {'all' | 'granted' | 'denied' | 'door' | 'fault'} Kind */

const ROWS_SHOWN = 200;
const MARKS = { verified: 'seal', 'after-loss': 'gap', broken: 'broken' };

/** @type {Record<Kind, (type: string) => boolean>} */
const FITS = {
  all: () => true,
  granted: (type) => type === 'access.granted',
  denied: (type) => type === 'access.denied',
  door: (type) => type.startsWith('door.') || type.startsWith('tailgating.'),
  fault: (type) =>
    type.startsWith('fault.') || type === 'door.forced' || type === 'door.not-relocked',
};
const GLYPHS = {
  'access.granted': 'check',
  'access.denied': 'refuse',
  'door.forced': 'warning',
  'door.not-relocked': 'warning',
  'door.locked-down': 'shield',
  'door.lock-down-released': 'unlock',
  'fault.raised': 'warning',
  'roster.changed': 'people',
  'picture.taken': 'photo',
};
/** Looked at first. */
const BAD = [
  'door.forced',
  'door.not-relocked',
  'fault.raised',
  'door.held-open',
  'tailgating.suspected',
];

/** What the gates report, live, with the state of their chains. */
export class EventsView {
  #desk;
  /** @type {Kind} */
  #kind = 'all';
  #chips = el('div', { class: 'chips', attributes: { role: 'group' } });
  #gate = el('select');
  #search = el('input', {
    attributes: { type: 'search', autocomplete: 'off', spellcheck: 'false' },
  });
  #chains = el('ul', { class: 'chains' });
  #list = el('ol', { class: 'rows events' });
  #foot = el('div');

  /** @param {import('./main.js').Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    const { words, live } = desk;
    this.#chips.setAttribute('aria-label', words.events.filter);
    this.#chains.setAttribute('aria-label', words.events.chains);
    this.#search.placeholder = words.events.search;
    this.#gate.addEventListener('change', () => this.#show());
    this.#search.addEventListener('input', () => this.#show());
    live.addEventListener('snapshot', () => {
      this.#showGates();
      this.#show();
    });
    live.addEventListener('event', () => this.#show());
    this.#showChips();
    const search = field(words.events.search, this.#search);
    search.classList.add('wordless');
    const gate = field(words.events.gate, this.#gate);
    gate.classList.add('wordless');
    this.element = el(
      'section',
      { class: 'view', attributes: { 'aria-labelledby': 'events-title' } },
      el(
        'header',
        { class: 'view-head' },
        el('div', {}, el('h1', { id: 'events-title', text: words.events.title })),
        search,
        gate,
      ),
      this.#chips,
      this.#chains,
      this.#list,
      this.#foot,
    );
  }

  focusSearch() {
    this.#search.focus();
  }

  #showChips() {
    const { kinds } = this.#desk.words.events;
    replace(
      this.#chips,
      .../** @type {Kind[]} */ (Object.keys(FITS)).map((kind) =>
        el('button', {
          class: 'chip',
          text: kinds[kind],
          attributes: { type: 'button', 'aria-pressed': String(kind === this.#kind) },
          data: { kind },
          onClick: () => {
            this.#kind = kind;
            for (const chip of this.#chips.children) {
              const isPressed = /** @type {HTMLElement} */ (chip).dataset['kind'] === kind;
              chip.setAttribute('aria-pressed', String(isPressed));
            }
            this.#show();
          },
        }),
      ),
    );
  }

  #showGates() {
    const { words, live } = this.#desk;
    const chosen = this.#gate.value;
    const gates = live.site?.gates ?? [];
    replace(
      this.#gate,
      el('option', { text: words.events.allGates, attributes: { value: '' } }),
      ...gates.map(({ gateId }) => el('option', { text: gateId, attributes: { value: gateId } })),
    );
    this.#gate.value = chosen;
  }

  #show() {
    const { words, live } = this.#desk;
    const { site } = live;
    if (site === undefined) return;
    const wanted = this.#search.value.trim().toLowerCase();
    const pictures = picturesOf(site.events);
    const rows = site.events
      .filter((event) => !isShownWithAnother(event, site.events))
      .filter(({ type }) => FITS[this.#kind](type))
      .filter(({ gateId }) => this.#gate.value === '' || gateId === this.#gate.value)
      .map((event) => ({ event, text: this.#textOf(event) }))
      .filter(({ event, text }) =>
        `${text.what} ${text.why} ${event.gateId}`.toLowerCase().includes(wanted),
      )
      .slice(0, ROWS_SHOWN);
    replace(
      this.#list,
      ...rows.map(({ event, text }) => this.#row(event, text, pictures.get(keyOf(event)))),
    );
    replace(this.#chains, ...site.chains.map((chain) => this.#chain(chain)));
    const isQuiet = site.events.length === 0;
    const title = isQuiet ? words.events.emptyTitle : words.events.noneFit;
    const empty = emptyState('events', title, isQuiet ? words.events.emptyText : '');
    replace(this.#foot, rows.length === 0 && empty);
  }

  /** @param {import('../event-log.ts').ChainStanding} chain */
  #chain({ gateId, from, upTo, standing }) {
    const { events } = this.#desk.words;
    const text = {
      unbroken: () => events.chain(from, upTo),
      'after-loss': () => events.chainLoss(from, upTo),
      broken: () => events.chainBroken(upTo),
    }[standing]();
    const glyph = { unbroken: 'seal', 'after-loss': 'gap', broken: 'broken' }[standing];
    return el(
      'li',
      { class: `chain ${standing}` },
      icon(glyph),
      el('strong', { text: gateId }),
      el('span', { text }),
    );
  }

  /**
   * @param {NamedEvent} event
   * @param {{ what: string, why: string }} text
   * @param {NamedEvent | undefined} picture
   */
  #row(event, text, picture) {
    const { gateId, number, atMs, type, chain } = event;
    const { what, why } = text;
    const { words, format } = this.#desk;
    /** @type {Record<string, string>} */
    const glyphs = GLYPHS;
    const marks = {
      verified: [words.events.verified, words.events.verifiedShort],
      'after-loss': [words.events.afterLoss, words.events.afterLossShort],
      broken: [words.events.broken, words.events.brokenShort],
    };
    const [long = '', short = ''] = marks[chain];
    const tone = type === 'access.granted' ? 'good' : BAD.includes(type) ? 'bad' : '';
    return el(
      'li',
      { class: `event ${tone}`, data: { type, number: String(number) } },
      icon(glyphs[type] ?? 'door'),
      el(
        'span',
        { class: 'what' },
        el('strong', { text: what }),
        why !== '' && el('span', { class: 'why', text: why }),
        picture !== undefined && this.#picture(event, text, picture),
      ),
      el(
        'span',
        { class: 'where' },
        el('span', { text: gateId }),
        el('code', { text: `#${number}` }),
      ),
      el(
        'time',
        { attributes: { datetime: new Date(atMs).toISOString() } },
        el('span', { text: format.time(atMs) }),
        el('small', { text: format.date(atMs) }),
      ),
      el(
        'span',
        { class: `mark ${chain}`, attributes: { title: long } },
        icon(MARKS[chain]),
        el('span', { text: short }),
      ),
    );
  }

  /**
   * @param {NamedEvent} event
   * @param {{ what: string, why: string }} text
   * @param {NamedEvent} picture
   */
  #picture({ gateId, number }, text, { fields }) {
    const { words, live } = this.#desk;
    const { pictures } = words;
    const expiresAtMs = Number(fields.expiresAtMs);
    if (expiresAtMs <= Date.now()) return el('span', { class: 'why', text: pictures.expired });
    if (live.site?.roles.includes('audit') !== true) {
      return el('span', { class: 'why', text: pictures.forAuditors });
    }
    return el(
      'button',
      {
        class: 'button look',
        attributes: { type: 'button', 'aria-label': pictures.lookAt(gateId, number) },
        data: { id: `picture-${gateId}-${number}` },
        onClick: () => showPicture(this.#desk, { gateId, number, expiresAtMs, ...text }),
      },
      icon('photo'),
      el('span', { text: pictures.look }),
    );
  }

  /** @param {NamedEvent} event */
  #textOf({ type, fields, name }) {
    const { words } = this.#desk;
    /** @type {Record<string, (who: string) => string>} */
    const types = words.events.types;
    /** @type {Record<string, string>} */
    const reasons = words.reasons;
    /** @type {Record<string, string>} */
    const changes = words.events.changes;
    const who = name ?? String(fields.identityId ?? words.events.somebody);
    const denials = Array.isArray(fields.reasons) ? fields.reasons.map(String) : [];
    const why = [
      ...denials.map((reason) => reasons[reason] ?? reason),
      fields.of === undefined ? undefined : `#${fields.of}`,
      fields.change === undefined ? undefined : changes[String(fields.change)],
      fields.set,
      fields.code,
      fields.detail,
      fields.because,
      // A key's id, or the name of a way in: its beginning tells which.
      fields.by === undefined ? undefined : String(fields.by).slice(0, 16),
      fields.livenessWaiver === undefined ? undefined : words.events.waived,
      fields.version,
    ].filter((part) => part !== undefined);
    return { what: types[type]?.(who) ?? type, why: why.join(' · ') };
  }
}

/** @param {Pick<NamedEvent, 'gateId' | 'streamId' | 'number'>} event */
const keyOf = ({ gateId, streamId, number }) => `${gateId} ${streamId} ${number}`;

/** @param {NamedEvent} picture @returns what it shows */
const subjectOf = ({ gateId, streamId, fields }) =>
  keyOf({ gateId, streamId, number: Number(fields.of) });

/**
 * By the event whose subject they show, and by their own for want of it.
 * @param {readonly NamedEvent[]} events
 */
const picturesOf = (events) =>
  new Map(
    events
      .filter(({ type }) => type === 'picture.taken')
      .flatMap((picture) => [
        [subjectOf(picture), picture],
        [keyOf(picture), picture],
      ]),
  );

/**
 * @param {NamedEvent} event
 * @param {readonly NamedEvent[]} events
 */
const isShownWithAnother = (event, events) =>
  event.type === 'picture.taken' && events.some((other) => keyOf(other) === subjectOf(event));
