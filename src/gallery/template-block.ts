import { PorticoError } from '../domain/errors.ts';
import type { Embedding } from '../domain/probe.ts';

/** A view of one encoder's templates that never changes: rows beyond `rows` belong to later views. */
export interface TemplateBlock {
  /** D, as the encoder gives it. */
  readonly dimension: number;
  /** D rounded up to even; the last column of an odd D is zero. */
  readonly stride: number;
  readonly rows: number;
  /** (>= rows, stride) float32, row-major, unit rows, contiguous. */
  readonly matrix: Float32Array;
  /** (>= rows) index into the gallery's people. */
  readonly personOf: Int32Array;
  /** (>= rows) */
  readonly templateIds: readonly string[];
  /** How many different people have a row. */
  readonly persons: number;
}

const FIRST_CAPACITY = 64;
const GROWTH = 1.25;

/**
 * The growing side of {@link TemplateBlock}. Views share its memory: rows are only ever appended
 * behind those that a view shows; taking rows out moves to fresh memory.
 */
export class TemplateBlockBuilder {
  readonly #dimension: number;
  readonly #stride: number;
  #matrix: Float32Array;
  #personOf: Int32Array;
  #templateIds: string[] = [];
  #rows = 0;
  readonly #rowsOfPerson = new Map<number, number>();

  constructor(dimension: number, expectedRows = 0) {
    this.#dimension = dimension;
    this.#stride = dimension + (dimension % 2);
    const capacity = Math.max(FIRST_CAPACITY, expectedRows);
    this.#matrix = new Float32Array(capacity * this.#stride);
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
    this.#matrix.set(embedding, this.#rows * this.#stride);
    this.#personOf[this.#rows] = person;
    this.#templateIds[this.#rows] = templateId;
    this.#rows += 1;
    this.#rowsOfPerson.set(person, (this.#rowsOfPerson.get(person) ?? 0) + 1);
  }

  /** Takes out the rows whose template id is not wanted any more; earlier views keep them. */
  remove(unwanted: ReadonlySet<string>): void {
    const old = { matrix: this.#matrix, personOf: this.#personOf, ids: this.#templateIds };
    const oldRows = this.#rows;
    this.#matrix = new Float32Array(old.matrix.length);
    this.#personOf = new Int32Array(old.personOf.length);
    this.#templateIds = [];
    this.#rows = 0;
    this.#rowsOfPerson.clear();
    // Runs of kept rows are moved as a whole: one copy of memory instead of one call per row.
    let runStart = 0;
    for (let row = 0; row <= oldRows; row += 1) {
      const id = old.ids[row];
      if (row < oldRows && id !== undefined && !unwanted.has(id)) continue;
      this.#keepRun(old, runStart, row);
      runStart = row + 1;
    }
  }

  view(): TemplateBlock {
    return {
      dimension: this.#dimension,
      stride: this.#stride,
      rows: this.#rows,
      matrix: this.#matrix,
      personOf: this.#personOf,
      templateIds: this.#templateIds,
      persons: this.#rowsOfPerson.size,
    };
  }

  #keepRun(
    old: { matrix: Float32Array; personOf: Int32Array; ids: readonly string[] },
    start: number,
    end: number,
  ): void {
    if (end <= start) return;
    const stride = this.#stride;
    this.#matrix.set(old.matrix.subarray(start * stride, end * stride), this.#rows * stride);
    this.#personOf.set(old.personOf.subarray(start, end), this.#rows);
    for (const person of old.personOf.subarray(start, end)) {
      this.#rowsOfPerson.set(person, (this.#rowsOfPerson.get(person) ?? 0) + 1);
    }
    for (const id of old.ids.slice(start, end)) this.#templateIds.push(id);
    this.#rows += end - start;
  }

  #grow(): void {
    const capacity = Math.ceil(this.#rows * GROWTH);
    const matrix = new Float32Array(capacity * this.#stride);
    matrix.set(this.#matrix);
    const personOf = new Int32Array(capacity);
    personOf.set(this.#personOf);
    this.#matrix = matrix;
    this.#personOf = personOf;
  }
}
