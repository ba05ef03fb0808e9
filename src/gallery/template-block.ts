import { PorticoError } from '../domain/errors.ts';
import type { Embedding } from '../domain/probe.ts';
import { RowProducts } from '../numeric/row-products.ts';

/** A view of one encoder's templates that never changes: rows beyond `rows` belong to later views. */
export interface TemplateBlock {
  /** D, as the encoder gives it. */
  readonly dimension: number;
  readonly rows: number;
  /** (>= rows, D), unit rows. */
  readonly products: RowProducts;
  /** (>= rows) index into the gallery's people, or -1: the template was deleted, pass over the row. */
  readonly personOf: Int32Array;
  /** (>= rows) */
  readonly templateIds: readonly string[];
  /** How many different people have a row. */
  readonly persons: number;
}

const FIRST_CAPACITY = 64;
const GROWTH = 1.25;
/** Rows without a person cost scan time and memory; beyond this share they are taken out. */
const MOST_VACANT = 1 / 8;
/** `personOf` of a row whose template was deleted. */
export const NOBODY = -1;

/**
 * The growing side of {@link TemplateBlock}. Views share its memory: rows are only ever appended
 * behind those that a view shows, and what is written anew is copied first.
 */
export class TemplateBlockBuilder {
  readonly #dimension: number;
  #products: RowProducts;
  #personOf: Int32Array;
  #templateIds: string[] = [];
  #rows = 0;
  #vacantRows = 0;
  readonly #rowsOfPerson = new Map<number, number>();

  constructor(dimension: number, expectedRows = 0) {
    this.#dimension = dimension;
    const capacity = Math.max(FIRST_CAPACITY, expectedRows);
    this.#products = new RowProducts(capacity, dimension);
    this.#personOf = new Int32Array(capacity);
  }

  /** @throws PORTICO_NUMERIC_SHAPE when the embedding is not of the encoder's dimension */
  append(person: number, templateId: string, embedding: Embedding): void {
    if (embedding.length !== this.#dimension) {
      throw new PorticoError('PORTICO_NUMERIC_SHAPE', {
        message: `a template of ${embedding.length} numbers among templates of ${this.#dimension}`,
        remedy: 'Give an encoder of another size an id of its own.',
      });
    }
    if (this.#rows === this.#personOf.length) this.#grow();
    this.#products.setRow(this.#rows, embedding);
    this.#personOf[this.#rows] = person;
    this.#templateIds[this.#rows] = templateId;
    this.#rows += 1;
    this.#count(person, 1);
  }

  /**
   * Takes out these rows; earlier views keep them. The rows stay in place without a person until
   * they are many, since moving everybody up would cost the time to copy the whole matrix.
   */
  remove(unwanted: ReadonlySet<string>): void {
    // Views share the old array: a copy of it, small beside the matrix, may be written.
    this.#personOf = this.#personOf.slice();
    for (let row = 0; row < this.#rows; row += 1) {
      const id = this.#templateIds[row];
      const person = this.#personOf[row] ?? NOBODY;
      if (person === NOBODY || id === undefined || !unwanted.has(id)) continue;
      this.#personOf[row] = NOBODY;
      this.#vacantRows += 1;
      this.#count(person, -1);
    }
    if (this.#vacantRows > this.#rows * MOST_VACANT) this.#compact();
  }

  view(): TemplateBlock {
    return {
      dimension: this.#dimension,
      rows: this.#rows,
      products: this.#products,
      personOf: this.#personOf,
      templateIds: this.#templateIds,
      persons: this.#rowsOfPerson.size,
    };
  }

  /** Moves everybody up, in fresh memory: one copy for each run of rows. */
  #compact(): void {
    const { products, personOf, templateIds, rows } = this.view();
    this.#products = new RowProducts(personOf.length, this.#dimension);
    this.#personOf = new Int32Array(personOf.length);
    this.#templateIds = [];
    this.#rows = 0;
    this.#vacantRows = 0;
    for (let start = 0, row = 0; row <= rows; row += 1) {
      if (row < rows && personOf[row] !== NOBODY) continue;
      this.#products.copyRows(products, start, row, this.#rows);
      this.#personOf.set(personOf.subarray(start, row), this.#rows);
      for (const id of templateIds.slice(start, row)) this.#templateIds.push(id);
      this.#rows += row - start;
      start = row + 1;
    }
  }

  #count(person: number, change: 1 | -1): void {
    const rows = (this.#rowsOfPerson.get(person) ?? 0) + change;
    if (rows === 0) this.#rowsOfPerson.delete(person);
    else this.#rowsOfPerson.set(person, rows);
  }

  #grow(): void {
    const capacity = Math.ceil(this.#rows * GROWTH);
    const products = new RowProducts(capacity, this.#dimension);
    products.copyRows(this.#products, 0, this.#rows, 0);
    const personOf = new Int32Array(capacity);
    personOf.set(this.#personOf);
    this.#products = products;
    this.#personOf = personOf;
  }
}
