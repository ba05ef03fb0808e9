import { ask } from './api.js';
import { confirmDialog, openDialog } from './dialog.js';
import { button, el, field } from './dom.js';
import { dayOf, dayStart } from './format.js';
import { PhotoIntake } from './photo-intake.js';

/** @typedef {import('./people-view.js').Person} Person */

/**
 * Enrols somebody new, or changes somebody known.
 * @param {import('./main.js').Desk} desk
 * @param {Person | undefined} person
 */
export function openPerson(desk, person) {
  new PersonDialog(desk, person).open();
}

class PersonDialog {
  #desk;
  #person;
  #intake;
  #name = el('input', { attributes: { required: '', maxlength: '200', autocomplete: 'off' } });
  #id = el('input', {
    attributes: {
      maxlength: '128',
      pattern: '[A-Za-z0-9][A-Za-z0-9._:\\-]*',
      autocomplete: 'off',
      spellcheck: 'false',
    },
  });
  #schedule = el('input', {
    attributes: {
      maxlength: '40',
      pattern: '[A-Za-z0-9][A-Za-z0-9._:\\-]*',
      autocomplete: 'off',
      spellcheck: 'false',
    },
  });
  #from = el('input', { attributes: { type: 'date' } });
  #until = el('input', { attributes: { type: 'date' } });
  #fault = el('p', { class: 'form-fault', attributes: { role: 'alert' } });
  #submit;
  /** @type {HTMLDialogElement | undefined} */
  #dialog;

  /**
   * @param {import('./main.js').Desk} desk
   * @param {Person | undefined} person
   */
  constructor(desk, person) {
    this.#desk = desk;
    this.#person = person;
    const { words } = desk;
    this.#intake = new PhotoIntake(desk, {
      identityId: person?.identityId,
      onChange: () => this.#check(),
      onOther: (identityId) => {
        this.#dialog?.close();
        void desk.openPerson(identityId);
      },
    });
    this.#submit = button({
      label: person === undefined ? words.person.enrol : words.common.save,
      kind: 'primary',
      type: 'submit',
    });
    if (person !== undefined) this.#fill(person);
    this.#name.addEventListener('input', () => this.#check());
  }

  open() {
    const { words } = this.#desk;
    const form = el(
      'form',
      { class: 'person', attributes: { novalidate: '' } },
      el('div', { class: 'columns' }, this.#photoColumn(), this.#detailColumn()),
      this.#fault,
      this.#footer(),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send();
    });
    this.#dialog = openDialog({
      title: this.#person?.name ?? words.person.enrolTitle,
      class: 'wide',
      closeLabel: words.common.close,
      body: [form],
      onClose: () => this.#intake.close(),
    });
    // A telephone would show its keyboard over the photograph.
    if (matchMedia('(min-width: 761px)').matches) this.#name.focus();
    else this.#intake.focus();
    this.#check();
  }

  #photoColumn() {
    const { person } = this.#desk.words;
    const known = this.#person;
    return el(
      'fieldset',
      {},
      el('legend', { text: known === undefined ? person.photos : person.morePhotos }),
      known !== undefined && el('p', { class: 'hint', text: person.existing(known.photos) }),
      this.#intake.element,
    );
  }

  #detailColumn() {
    const { person: words } = this.#desk.words;
    return el(
      'fieldset',
      {},
      el('legend', { text: words.details }),
      field(words.name, this.#name, words.nameHint),
      this.#person === undefined
        ? field(words.id, this.#id, words.idHint)
        : el('p', { class: 'fixed-id' }, el('code', { text: this.#person.identityId })),
      field(words.schedule, this.#schedule, words.scheduleHint),
      el('div', { class: 'pair' }, field(words.from, this.#from), field(words.until, this.#until)),
    );
  }

  #footer() {
    const { words } = this.#desk;
    const revoke = button({
      label: words.person.revoke,
      kind: 'danger',
      onClick: () => void this.#revoke(),
    });
    return el(
      'footer',
      {},
      this.#person !== undefined && revoke,
      el('span', { class: 'spring' }),
      button({ label: words.common.cancel, onClick: () => this.#dialog?.close() }),
      this.#submit,
    );
  }

  /** @param {Person} person */
  #fill({ name, scheduleId, validFromMs, validUntilMs }) {
    this.#name.value = name;
    this.#schedule.value = scheduleId ?? '';
    if (validFromMs !== undefined) this.#from.value = dayOf(validFromMs);
    if (validUntilMs !== undefined) this.#until.value = dayOf(validUntilMs - 1);
  }

  #check() {
    const hasPhoto = this.#person !== undefined || this.#intake.draftIds.length > 0;
    const isReady = this.#name.value.trim() !== '' && hasPhoto && !this.#intake.isBusy;
    // Not disabled: whoever presses it is told what is missing.
    this.#submit.setAttribute('aria-disabled', String(!isReady));
    if (isReady) this.#fault.textContent = '';
    return isReady;
  }

  async #send() {
    const { words, notices } = this.#desk;
    const wrong = [this.#name, this.#id, this.#schedule].find((input) => !input.checkValidity());
    if (!this.#check() || wrong !== undefined) {
      const isForm = wrong !== undefined && wrong !== this.#name;
      this.#fault.textContent = isForm ? words.person.idForm : words.person.needs;
      wrong?.focus();
      return;
    }
    if (this.#until.value !== '' && this.#until.value < this.#from.value) {
      this.#fault.textContent = words.person.endsFirst;
      this.#until.focus();
      return;
    }
    this.#submit.setAttribute('aria-busy', 'true');
    const answer = await this.#ask();
    this.#submit.removeAttribute('aria-busy');
    const name = this.#name.value.trim();
    if (answer.ok) {
      this.#dialog?.close();
      notices.show(
        'good',
        this.#person === undefined ? words.person.enrolled(name) : words.person.changed(name),
      );
    } else {
      this.#fault.textContent = this.#faultText(answer);
    }
  }

  #ask() {
    const person = this.#person;
    const id = this.#id.value.trim();
    const body = {
      ...this.#details(),
      ...(person === undefined && id !== '' ? { identityId: id } : {}),
    };
    return person === undefined
      ? ask('POST', '/api/people', body)
      : ask('PUT', `/api/people/${encodeURIComponent(person.identityId)}`, body);
  }

  #details() {
    const schedule = this.#schedule.value.trim();
    return {
      name: this.#name.value.trim(),
      ...(schedule === '' ? {} : { scheduleId: schedule }),
      ...(this.#from.value === '' ? {} : { validFromMs: dayStart(this.#from.value) }),
      ...(this.#until.value === '' ? {} : { validUntilMs: dayStart(this.#until.value, 1) }),
      draftIds: this.#intake.draftIds,
    };
  }

  /** @param {import('./api.js').NotDone} answer */
  #faultText({ status, body }) {
    const { words } = this.#desk;
    /** @type {Record<string, string>} */
    const refusals = words.refusals;
    if (status !== 409) return words.faultText(status, body);
    if (body.resembles !== undefined) return words.intake.duplicate(body.resembles.name);
    return refusals[body.reason] ?? words.faultText(status, body);
  }

  async #revoke() {
    const person = this.#person;
    if (person === undefined) return;
    const { words, notices } = this.#desk;
    const { identityId, name } = person;
    const isSure = await confirmDialog({
      title: words.person.revokeTitle(name),
      text: words.person.revokeText,
      confirm: words.person.revokeConfirm,
      cancel: words.common.cancel,
      kind: 'danger',
    });
    if (!isSure) return;
    const answer = await ask('DELETE', `/api/people/${encodeURIComponent(identityId)}`);
    if (answer.ok) {
      this.#dialog?.close();
      notices.show('good', words.person.revoked(name));
    } else {
      this.#fault.textContent = this.#faultText(answer);
    }
  }
}
