/**
 * @typedef {object} Traits
 * @property {string} [class]
 * @property {string} [id]
 * @property {string} [text]
 * @property {Record<string, string | undefined>} [attributes] undefined ones are left out
 * @property {Record<string, string>} [data]
 * @property {(event: Event) => void} [onClick]
 */

/** @typedef {Node | string | undefined | false} Child left out where there is none */

/**
 * A new element. Text is always text: nothing that comes over the network is read as HTML.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Traits} [traits]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, traits = {}, ...children) {
  const node = document.createElement(tag);
  if (traits.class !== undefined) node.className = traits.class;
  if (traits.id !== undefined) node.id = traits.id;
  if (traits.text !== undefined) node.textContent = traits.text;
  for (const [name, value] of Object.entries(traits.attributes ?? {})) {
    if (value !== undefined) node.setAttribute(name, value);
  }
  Object.assign(node.dataset, traits.data);
  if (traits.onClick !== undefined) node.addEventListener('click', traits.onClick);
  node.append(...present(children));
  return node;
}

/**
 * @param {Node} parent
 * @param {...Child} children
 */
export function replace(parent, ...children) {
  if (parent instanceof Element) parent.replaceChildren(...present(children));
}

/** @param {readonly Child[]} children */
const present = (children) =>
  children.flatMap((child) =>
    child === undefined || child === false || child === '' ? [] : [child],
  );

const SVG = 'http://www.w3.org/2000/svg';

/** @param {string} name of a symbol in index.html */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

/**
 * @param {object} looks
 * @param {string} looks.label
 * @param {'primary' | 'plain' | 'quiet' | 'danger'} [looks.kind]
 * @param {string} [looks.glyph]
 * @param {string} [looks.key] shown beside the label
 * @param {'button' | 'submit'} [looks.type]
 * @param {() => void} [looks.onClick]
 */
export function button({ label, kind = 'plain', glyph, key, type = 'button', onClick }) {
  return el(
    'button',
    {
      class: `button ${kind}`,
      attributes: { type, 'aria-keyshortcuts': key },
      ...(onClick === undefined ? {} : { onClick }),
    },
    glyph !== undefined && icon(glyph),
    el('span', { text: label }),
    key !== undefined &&
      el('kbd', { text: key.toUpperCase(), attributes: { 'aria-hidden': 'true' } }),
  );
}

let fields = 0;

/**
 * A labelled control.
 * @param {string} label
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @param {string} [hint]
 */
export function field(label, control, hint) {
  fields += 1;
  control.id = `field-${fields}`;
  const hintId = `hint-${fields}`;
  if (hint !== undefined) control.setAttribute('aria-describedby', hintId);
  return el(
    'div',
    { class: 'field' },
    el('label', { text: label, attributes: { for: control.id } }),
    control,
    hint !== undefined && el('p', { class: 'hint', id: hintId, text: hint }),
  );
}
