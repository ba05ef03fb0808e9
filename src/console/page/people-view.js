import { ask } from './api.js';
import { button, el, icon, replace } from './dom.js';
import { openPerson } from './person-dialog.js';

/** @typedef {import('../people-list.ts').ListedPerson} Person */
/** @typedef {import('../people-list.ts').PeoplePage} PeoplePage */

const TYPING_PAUSE_MS = 150;
const SKELETON_ROWS = 6;

/** Who is enrolled. */
export class PeopleView {
  #desk;
  #search = el('input', {
    attributes: { type: 'search', autocomplete: 'off', spellcheck: 'false' },
  });
  #count = el('p', { class: 'count', attributes: { 'aria-live': 'polite' } });
  #notice = el('div');
  #list = el('ul', { class: 'rows people' });
  #foot = el('div', { class: 'list-foot' });
  #enrol;
  /** @type {Person[]} */
  #people = [];
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;

  /** @param {import('./main.js').Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    const { words, live } = desk;
    this.#search.placeholder = words.people.search;
    this.#search.setAttribute('aria-label', words.people.search);
    this.#search.setAttribute('aria-keyshortcuts', '/');
    this.#search.addEventListener('input', () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#load(), TYPING_PAUSE_MS);
    });
    this.#enrol = button({
      label: words.people.enrol,
      kind: 'primary',
      glyph: 'add',
      key: 'n',
      onClick: () => this.enrol(),
    });
    replace(
      this.#list,
      ...Array.from({ length: SKELETON_ROWS }, () =>
        el('li', { class: 'skeleton', attributes: { 'aria-hidden': 'true' } }),
      ),
    );
    live.addEventListener('snapshot', () => this.#load());
    live.addEventListener('roster', () => this.#load());
    this.element = el(
      'section',
      { class: 'view', attributes: { 'aria-labelledby': 'people-title' } },
      el(
        'header',
        { class: 'view-head' },
        el('div', {}, el('h1', { id: 'people-title', text: words.people.title }), this.#count),
        el('div', { class: 'search' }, icon('search'), this.#search),
        this.#enrol,
      ),
      this.#notice,
      this.#list,
      this.#foot,
    );
  }

  get mayEnrol() {
    return this.#desk.live.site?.roles.includes('enrol') ?? false;
  }

  focusSearch() {
    this.#search.focus();
    this.#search.select();
  }

  enrol() {
    if (this.mayEnrol) openPerson(this.#desk, undefined);
  }

  /** @param {string} identityId */
  async open(identityId) {
    const answer = await ask('GET', `/api/people/${encodeURIComponent(identityId)}`);
    if (answer.ok) openPerson(this.#desk, answer.body);
    else this.#desk.notices.showFault(answer);
  }

  async #load(from = 0) {
    this.#asked += 1;
    const asked = this.#asked;
    const query = new URLSearchParams({ search: this.#search.value, from: String(from) });
    const answer = await ask('GET', `/api/people?${query}`);
    if (asked !== this.#asked || !answer.ok) return;
    /** @type {PeoplePage} */
    const page = answer.body;
    this.#people = from === 0 ? [...page.people] : [...this.#people, ...page.people];
    this.#show(page);
  }

  /** @param {PeoplePage} page */
  #show({ found, total }) {
    const { words, live } = this.#desk;
    const roster = live.site?.roster;
    const standing = roster?.standing ?? 'loading';
    this.#enrol.hidden = !this.mayEnrol;
    this.#count.textContent = standing === 'complete' ? words.people.count(total) : '';
    replace(this.#notice, roster !== undefined && this.#standingNotice(roster));
    if (standing !== 'loading') this.#showPeople();
    const isEmpty = this.#people.length === 0;
    replace(this.#foot, isEmpty ? this.#emptyText(standing, total) : this.#more(found));
  }

  /** Whoever is on a row stays on it. */
  #showPeople() {
    const focused = document.activeElement;
    const id = focused instanceof HTMLElement ? focused.dataset['id'] : undefined;
    const hadFocus = this.#list.contains(focused);
    replace(this.#list, ...this.#people.map((person) => this.#row(person)));
    if (!hadFocus || id === undefined) return;
    /** @type {HTMLElement | null} */ (
      this.#list.querySelector(`[data-id="${CSS.escape(id)}"]`)
    )?.focus();
  }

  /** @param {import('../console-news.ts').RosterReport} roster */
  #standingNotice({ standing, read, total, unreadable = 0 }) {
    const { people } = this.#desk.words;
    if (standing === 'loading') {
      const text = read === undefined ? people.loading : people.reading(read, total);
      return el('p', { class: 'band', text });
    }
    const warning =
      standing === 'incomplete'
        ? people.incomplete
        : unreadable > 0
          ? people.unreadable(unreadable)
          : undefined;
    if (warning === undefined) return undefined;
    return el('p', { class: 'band warn' }, icon('warning'), el('span', { text: warning }));
  }

  /**
   * @param {import('../console-news.ts').RosterReport['standing']} standing
   * @param {number} total
   */
  #emptyText(standing, total) {
    const { people } = this.#desk.words;
    if (standing === 'unreadable') {
      return emptyState('key', people.unreadableTitle, people.unreadableText);
    }
    if (standing === 'loading' || standing === 'incomplete') return undefined;
    if (total > 0) return emptyState('search', people.noneFound(this.#search.value), '');
    return emptyState('people', people.emptyTitle, people.emptyText);
  }

  /** @param {number} found */
  #more(found) {
    const { words } = this.#desk;
    const shown = this.#people.length;
    if (shown >= found) return undefined;
    return el(
      'div',
      { class: 'more' },
      el('p', { text: words.people.shown(shown, found) }),
      button({ label: words.people.more, onClick: () => this.#load(shown) }),
    );
  }

  /** @param {Person} person */
  #row(person) {
    const { words } = this.#desk;
    const { name, identityId, photos, scheduleId } = person;
    const initial = [...name][0] ?? '?';
    return el(
      'li',
      {},
      el(
        'button',
        {
          class: 'row',
          attributes: { type: 'button', 'aria-label': words.people.open(name) },
          data: { id: identityId },
          onClick: () => openPerson(this.#desk, person),
        },
        el('span', { class: 'initial', text: initial, attributes: { 'aria-hidden': 'true' } }),
        el(
          'span',
          { class: 'who' },
          el('strong', { text: name }),
          el('code', { text: identityId }),
        ),
        el(
          'span',
          { class: 'tags' },
          scheduleId !== undefined && el('span', { class: 'tag', text: scheduleId }),
          this.#validity(person),
        ),
        el('span', { class: 'photos', text: words.people.photos(photos) }),
        icon('forward'),
      ),
    );
  }

  /** @param {Person} person */
  #validity({ validFromMs, validUntilMs }) {
    const { words, format } = this.#desk;
    const now = Date.now();
    if (validUntilMs !== undefined && validUntilMs <= now) {
      return el('span', { class: 'tag bad', text: words.people.ended });
    }
    if (validFromMs !== undefined && validFromMs > now) {
      return el('span', { class: 'tag warn', text: words.people.begins(format.date(validFromMs)) });
    }
    if (validUntilMs === undefined) return undefined;
    // The end is the first moment without access: the day before is the last one.
    return el('span', { class: 'tag', text: words.people.until(format.date(validUntilMs - 1)) });
  }
}

/**
 * @param {string} glyph
 * @param {string} title
 * @param {string} text
 */
export function emptyState(glyph, title, text) {
  return el(
    'div',
    { class: 'empty' },
    icon(glyph),
    el('h2', { text: title }),
    text !== '' && el('p', { text }),
  );
}
