import { ask } from './api.js';
import { el, icon, replace } from './dom.js';
import { shortcutList } from './shortcuts.js';

/** Who administers the site, and what must not be lost. */
export class SiteView {
  #desk;
  #body = el('div', { class: 'cards site' });

  /** @param {import('./main.js').Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    replace(
      this.#body,
      el('div', { class: 'card skeleton' }),
      el('div', { class: 'card skeleton' }),
    );
    this.element = el(
      'section',
      { class: 'view', attributes: { 'aria-labelledby': 'site-title' } },
      el(
        'header',
        { class: 'view-head' },
        el('div', {}, el('h1', { id: 'site-title', text: desk.words.site.title })),
      ),
      this.#body,
    );
    for (const kind of ['snapshot', 'roster']) desk.live.addEventListener(kind, () => this.#load());
  }

  async #load() {
    const answer = await ask('GET', '/api/site');
    if (!answer.ok) return;
    const { body: site } = answer;
    replace(
      this.#body,
      this.#overview(site),
      this.#administrators(site),
      this.#backup(site.custody),
      this.#keyboard(),
    );
  }

  /** @param {any} site */
  #overview(site) {
    const { words } = this.#desk;
    /** @type {[string, string][]} */
    const facts = [
      [words.site.id, site.site],
      [words.site.broker, site.broker],
      ...(site.people === undefined
        ? []
        : [/** @type {[string, string]} */ ([words.site.people, String(site.people)])]),
      [words.site.gates, String(site.gates)],
      [words.site.head, String(site.headEpoch)],
      [words.site.trust, String(site.trustEpoch)],
    ];
    return card(
      words.site.overview,
      el(
        'dl',
        {},
        ...facts.map(([label, value]) =>
          el('div', {}, el('dt', { text: label }), el('dd', { text: value })),
        ),
      ),
    );
  }

  /** @param {any} site */
  #administrators({ administrators, ownKid }) {
    const { words, format } = this.#desk;
    const rows = administrators.map(
      (
        /** @type {{ kid: string, roles: ('enrol' | 'operate' | 'maintain' | 'audit')[], validUntilMs?: number }} */ one,
      ) =>
        el(
          'li',
          {},
          icon('key'),
          el(
            'span',
            { class: 'who' },
            el('code', { text: one.kid.slice(0, 16) }),
            one.kid === ownKid && el('span', { class: 'tag good', text: words.site.you }),
          ),
          el(
            'span',
            { class: 'tags' },
            ...one.roles.map((role) => el('span', { class: 'tag', text: words.site.role[role] })),
          ),
          one.validUntilMs !== undefined &&
            el('small', { text: `${words.site.until} ${format.date(one.validUntilMs)}` }),
        ),
    );
    return card(
      words.site.administrators,
      el('p', { class: 'hint', text: words.site.administratorsHint }),
      el('ul', { class: 'administrators' }, ...rows),
    );
  }

  /** @param {import('../custody.ts').SiteCustody} custody */
  #backup({ rootKey, folder }) {
    const { words } = this.#desk;
    const isHere = rootKey === 'on-this-computer';
    const reminder = card(
      words.site.backup,
      el('p', { text: isHere ? words.site.backupHere : words.site.backupElsewhere }),
      el('ul', { class: 'files' }, el('li', {}, icon('folder'), el('code', { text: folder }))),
    );
    reminder.classList.add(isHere ? 'warn' : 'calm');
    return reminder;
  }

  #keyboard() {
    return card(this.#desk.words.site.shortcuts, shortcutList(this.#desk.words));
  }
}

/**
 * @param {string} title
 * @param {...(Node | undefined | false)} children
 */
const card = (title, ...children) =>
  el('section', { class: 'card' }, el('h2', { text: title }), ...children);
