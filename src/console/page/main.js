import { isDialogOpen } from './dialog.js';
import { button, el, icon, replace } from './dom.js';
import { EventsView } from './events-view.js';
import { Format } from './format.js';
import { GatesView } from './gates-view.js';
import { changeLanguage, currentLanguage, WORDS } from './language.js';
import { Live } from './live.js';
import { LockDown } from './lock-down.js';
import { Notices } from './notices.js';
import { PeopleView } from './people-view.js';
import { showShortcuts } from './shortcuts.js';
import { SiteView } from './site-view.js';

/**
 * What every part of the page works with.
 * @typedef {object} Desk
 * @property {import('./language.js').Words} words
 * @property {Format} format
 * @property {Live} live
 * @property {Notices} notices
 * @property {(identityId: string) => Promise<void>} openPerson
 */

/** @typedef {'people' | 'gates' | 'events' | 'site'} ViewName */
/** @type {readonly ViewName[]} */
const VIEWS = ['people', 'gates', 'events', 'site'];

const language = currentLanguage();
const words = WORDS[language];
const live = new Live();
/** @type {Desk} */
const desk = {
  words,
  format: new Format(words.locale),
  live,
  notices: new Notices(words),
  openPerson: (identityId) => people.open(identityId),
};
const people = new PeopleView(desk);
const events = new EventsView(desk);
const views = { people, gates: new GatesView(desk), events, site: new SiteView(desk) };
const lockDown = new LockDown(desk);

document.documentElement.lang = language;
document.title = words.title;

const siteName = el('strong');
const links = VIEWS.map((name, index) =>
  el(
    'a',
    {
      class: 'nav',
      attributes: { href: `#${name}`, 'aria-keyshortcuts': String(index + 1) },
      data: { view: name },
    },
    icon(name === 'gates' ? 'door' : name),
    el('span', { text: words.views[name] }),
    el('kbd', { text: String(index + 1), attributes: { 'aria-hidden': 'true' } }),
  ),
);
const connection = el('p', { class: 'connection', attributes: { role: 'status' } });
const band = el('div', { class: 'connection-band', attributes: { role: 'alert' } });
const content = el('main', { id: 'content', attributes: { tabindex: '-1' } });

document.body.prepend(
  el('a', {
    class: 'skip',
    text: words.common.skip,
    attributes: { href: '#content' },
    onClick: (event) => {
      event.preventDefault();
      content.focus();
    },
  }),
  el(
    'div',
    { class: 'shell' },
    el(
      'header',
      { class: 'rail' },
      el(
        'p',
        { class: 'brand' },
        icon('portico'),
        el('span', {}, el('small', { text: 'Portico' }), siteName),
      ),
      el('nav', { attributes: { 'aria-label': words.common.navigation } }, ...links),
      lockDown.element,
      el(
        'div',
        { class: 'rail-foot' },
        connection,
        button({
          label: words.otherLanguage,
          kind: 'quiet',
          onClick: () => changeLanguage(language === 'en' ? 'zh-Hans' : 'en'),
        }),
        help(),
      ),
    ),
    el('div', { class: 'page' }, band, content),
  ),
);

function help() {
  const open = button({
    label: words.common.shortcuts,
    kind: 'quiet',
    key: '?',
    onClick: () => showShortcuts(words),
  });
  open.classList.add('help');
  return open;
}

/** @returns {ViewName} */
function wantedView() {
  const name = location.hash.slice(1);
  return VIEWS.find((view) => view === name) ?? 'people';
}

function showView() {
  const name = wantedView();
  document.body.dataset['view'] = name;
  for (const link of links) {
    if (link.dataset['view'] === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  replace(content, views[name].element);
  content.scrollTop = 0;
}

function showConnection() {
  const { site, isHeard } = live;
  siteName.textContent = site?.site ?? '';
  if (site === undefined && isHeard) return;
  const state = !isHeard ? 'lost' : (site?.connection.state ?? 'down');
  document.body.dataset['connection'] = state;
  connection.textContent = words.connection[state];
  connection.dataset['state'] = state;
  const text = { up: '', down: words.connection.downText, lost: words.connection.lostText }[state];
  replace(
    band,
    text !== '' &&
      el(
        'p',
        {},
        icon('unlinked'),
        el('span', {}, el('strong', { text: words.connection[state] }), ` ${text}`),
      ),
  );
}

/** @type {Record<string, () => void>} */
const SHORTCUTS = {
  '/': () => {
    if (wantedView() === 'events') events.focusSearch();
    else goAnd('people', () => people.focusSearch());
  },
  n: () => goAnd('people', () => people.enrol()),
  l: () => void lockDown.order(),
  '?': () => showShortcuts(words),
};

/**
 * @param {ViewName} name
 * @param {() => void} [next]
 */
function goAnd(name, next) {
  if (wantedView() !== name) {
    location.hash = name;
    showView();
  }
  next?.();
}

addEventListener('keydown', (event) => {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  const isTyping = target instanceof Element && target.matches('input, select, textarea');
  if (isTyping || ctrlKey || metaKey || altKey || isDialogOpen()) return;
  const view = VIEWS[Number(key) - 1];
  const act = view === undefined ? SHORTCUTS[key.toLowerCase()] : () => goAnd(view);
  if (act === undefined) return;
  event.preventDefault();
  act();
});
addEventListener('hashchange', showView);
for (const kind of ['snapshot', 'connection']) live.addEventListener(kind, showConnection);
showView();
live.connect();
