import { ask } from './api.js';
import { button, el, icon, replace } from './dom.js';
import { Webcam } from './webcam.js';

/**
 * @typedef {object} Photo
 * @property {string} draftId
 * @property {string | undefined} url of the aligned face, in this page's memory only
 *
 * @typedef {object} IntakeOptions
 * @property {string | undefined} identityId whom the photographs are added to
 * @property {() => void} onChange
 * @property {(identityId: string) => void} onOther somebody else is to be opened
 */

/** @typedef {'file' | 'webcam' | 'gate'} Source */
/** @type {readonly Source[]} */
const SOURCES = ['file', 'webcam', 'gate'];

let intakes = 0;

/** Takes photographs from a file, the webcam or a gate, and says at once what is wrong with one. */
export class PhotoIntake {
  #desk;
  #options;
  #number = ++intakes;
  #tabs = el('div', { class: 'tabs', attributes: { role: 'tablist' } });
  #panel = el('div', { class: 'intake-panel', attributes: { role: 'tabpanel' } });
  #verdict = el('div', { class: 'verdict', attributes: { role: 'status', 'aria-live': 'polite' } });
  #faces = el('ul', { class: 'faces' });
  /** @type {Photo[]} */
  #photos = [];
  /** @type {string[]} */
  #urls = [];
  /** @type {Webcam | undefined} */
  #webcam;
  /** @type {Source} */
  #source = 'file';
  #underWay = 0;

  /**
   * @param {import('./main.js').Desk} desk
   * @param {IntakeOptions} options
   */
  constructor(desk, options) {
    this.#desk = desk;
    this.#options = options;
    const { intake } = desk.words;
    this.#panel.id = `intake-${this.#number}`;
    replace(this.#tabs, ...SOURCES.map((source) => this.#tab(source, intake[source])));
    this.#tabs.addEventListener('keydown', (event) => this.#moveTab(event));
    this.element = el(
      'div',
      { class: 'intake' },
      this.#tabs,
      this.#panel,
      el('div', { class: 'outcome' }, this.#faces, this.#verdict),
    );
    this.#select('file');
  }

  get draftIds() {
    return this.#photos.map(({ draftId }) => draftId);
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.#tabs.querySelector('[aria-selected="true"]'))?.focus();
  }

  get isBusy() {
    return this.#underWay > 0;
  }

  /** The camera goes off and the pictures leave the memory. */
  close() {
    this.#webcam?.stop();
    for (const url of this.#urls) URL.revokeObjectURL(url);
  }

  /** @param {string} base64 of a JPEG */
  #urlOf(base64) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const url = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
    this.#urls.push(url);
    return url;
  }

  /**
   * @param {Source} source
   * @param {string} label
   */
  #tab(source, label) {
    return el('button', {
      text: label,
      attributes: { type: 'button', role: 'tab', 'aria-controls': this.#panel.id },
      data: { source },
      onClick: () => this.#select(source),
    });
  }

  /** @param {KeyboardEvent} event */
  #moveTab(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const at = SOURCES.indexOf(this.#source);
    const next = SOURCES[(at + step + SOURCES.length) % SOURCES.length] ?? 'file';
    this.#select(next);
    this.focus();
    event.preventDefault();
  }

  /** @param {Source} source */
  #select(source) {
    this.#source = source;
    for (const tab of this.#tabs.querySelectorAll('button')) {
      const isSelected = tab.dataset['source'] === source;
      tab.setAttribute('aria-selected', String(isSelected));
      tab.tabIndex = isSelected ? 0 : -1;
    }
    this.#panel.setAttribute('aria-label', this.#desk.words.intake[source]);
    this.#webcam?.stop();
    this.#webcam = undefined;
    replace(this.#verdict);
    if (source === 'file') replace(this.#panel, this.#filePanel());
    else if (source === 'webcam') this.#openWebcam();
    else replace(this.#panel, this.#gatePanel());
  }

  #filePanel() {
    const { intake } = this.#desk.words;
    const input = el('input', {
      class: 'visually-hidden',
      attributes: { type: 'file', accept: 'image/*', tabindex: '-1', 'aria-hidden': 'true' },
    });
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      if (file !== undefined) void this.#read(file);
      input.value = '';
    });
    const area = el(
      'div',
      { class: 'drop' },
      icon('photo'),
      el('p', { text: intake.drop }),
      button({ label: intake.choose, glyph: 'folder', onClick: () => input.click() }),
      el('p', { class: 'hint', text: intake.privacy }),
      input,
    );
    area.addEventListener('dragover', (event) => {
      event.preventDefault();
      area.classList.add('over');
    });
    area.addEventListener('dragleave', () => area.classList.remove('over'));
    area.addEventListener('drop', (event) => {
      event.preventDefault();
      area.classList.remove('over');
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) void this.#read(file);
    });
    return area;
  }

  #openWebcam() {
    const { intake } = this.#desk.words;
    const video = el('video', {
      attributes: { playsinline: '', muted: '', 'aria-label': intake.webcam },
    });
    const take = button({ label: intake.take, kind: 'primary', glyph: 'camera' });
    take.disabled = true;
    take.addEventListener('click', () => void this.#take());
    const state = el('p', { class: 'webcam-state', text: intake.webcamStarting });
    replace(
      this.#panel,
      el(
        'div',
        { class: 'webcam-panel' },
        el('div', { class: 'webcam' }, video, el('i', { class: 'oval' }), state),
        take,
      ),
    );
    const webcam = new Webcam(video);
    this.#webcam = webcam;
    void webcam.start().then((outcome) => {
      if (this.#webcam !== webcam) return;
      take.disabled = outcome !== 'on';
      state.hidden = outcome === 'on';
      if (outcome === 'refused') state.textContent = intake.webcamRefused;
      if (outcome === 'missing') state.textContent = intake.webcamMissing;
    });
  }

  async #take() {
    const picture = await this.#webcam?.take();
    if (picture !== undefined) await this.#read(picture);
  }

  #gatePanel() {
    const { intake } = this.#desk.words;
    const online = (this.#desk.live.site?.gates ?? []).filter(
      ({ availability }) => availability === 'online',
    );
    if (online.length === 0) return el('p', { class: 'hint no-gate', text: intake.noGate });
    const gates = el(
      'select',
      { attributes: { 'aria-label': intake.gateChoose } },
      ...online.map(({ gateId }) => el('option', { text: gateId, attributes: { value: gateId } })),
    );
    return el(
      'div',
      { class: 'at-gate' },
      icon('door'),
      el('p', { class: 'hint', text: intake.gateText }),
      gates,
      button({
        label: intake.gateStart,
        kind: 'primary',
        glyph: 'door',
        onClick: () => void this.#capture(gates.value),
      }),
    );
  }

  /** @param {string} gateId */
  async #capture(gateId) {
    const { identityId } = this.#options;
    await this.#judge(this.#desk.words.intake.gateWaiting, () =>
      ask('POST', '/api/captures', { gateId, ...(identityId === undefined ? {} : { identityId }) }),
    );
  }

  /** @param {Blob} picture */
  async #read(picture) {
    const { identityId } = this.#options;
    const query = identityId === undefined ? '' : `?${new URLSearchParams({ for: identityId })}`;
    await this.#judge(this.#desk.words.intake.reading, () =>
      ask('POST', `/api/photos${query}`, picture),
    );
  }

  /**
   * @param {string} waiting
   * @param {() => Promise<import('./api.js').Done | import('./api.js').NotDone>} work
   */
  async #judge(waiting, work) {
    replace(this.#verdict, el('p', { class: 'busy', text: waiting }));
    this.#underWay += 1;
    this.#options.onChange();
    const answer = await work();
    this.#underWay -= 1;
    if (answer.ok) this.#accept(answer.body);
    else this.#refuse(answer);
    this.#options.onChange();
  }

  /** @param {{ draftId: string, crop?: string }} reading */
  #accept({ draftId, crop }) {
    const { intake } = this.#desk.words;
    this.#photos.push({ draftId, url: crop === undefined ? undefined : this.#urlOf(crop) });
    replace(
      this.#verdict,
      el('p', { class: 'good' }, icon('check'), el('span', { text: intake.accepted })),
    );
    this.#showFaces();
  }

  /** @param {import('./api.js').NotDone} answer */
  #refuse({ status, body }) {
    const { words } = this.#desk;
    /** @type {Record<string, string>} */
    const refusals = { ...words.refusals, ...words.intake.refusals };
    if (status === 409 && body.resembles !== undefined) {
      replace(this.#verdict, this.#duplicate(body));
      return;
    }
    const text =
      status === 409
        ? (refusals[body.reason] ?? String(body.reason))
        : words.faultText(status, body);
    const detail = typeof body.text === 'string' ? ` ${body.text}` : '';
    replace(
      this.#verdict,
      el('p', { class: 'bad' }, icon('warning'), el('span', { text: text + detail })),
    );
  }

  /** @param {{ resembles: { identityId: string, name: string }, crop?: string }} refusal */
  #duplicate({ resembles, crop }) {
    const { intake } = this.#desk.words;
    const { identityId, name } = resembles;
    return el(
      'div',
      { class: 'bad duplicate' },
      crop === undefined ? icon('people') : faceOf(this.#urlOf(crop), intake.crop),
      el(
        'div',
        {},
        el('p', {}, el('strong', { text: intake.duplicate(name) })),
        el('p', { text: intake.duplicateHelp }),
        button({ label: intake.openOther(name), onClick: () => this.#options.onOther(identityId) }),
      ),
    );
  }

  #showFaces() {
    const { intake } = this.#desk.words;
    replace(
      this.#faces,
      ...this.#photos.map((photo) => {
        const remove = button({
          label: intake.remove,
          kind: 'quiet',
          glyph: 'close',
          onClick: () => this.#remove(photo),
        });
        remove.classList.add('icon-only');
        const face = photo.url === undefined ? icon('door') : faceOf(photo.url, intake.crop);
        return el('li', {}, face, remove);
      }),
    );
  }

  /** @param {Photo} photo */
  #remove(photo) {
    this.#photos = this.#photos.filter((other) => other !== photo);
    replace(this.#verdict);
    this.#showFaces();
    this.#options.onChange();
  }
}

/**
 * @param {string} url
 * @param {string} alt
 */
const faceOf = (url, alt) =>
  el('img', { attributes: { src: url, alt, width: '100', height: '100' } });
