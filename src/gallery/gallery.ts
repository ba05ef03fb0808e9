import type { Identity } from '../domain/identity.ts';
import type { Candidate, SearchResult } from '../domain/match.ts';
import type { Probe } from '../domain/probe.ts';
import { similarity } from '../domain/units.ts';
import { type BestTwo, scanBestTwo } from '../numeric/best-two-scan.ts';
import { assertSameLength } from '../numeric/shape-check.ts';
import type { TemplateBlock } from './template-block.ts';

/** What a gallery is made of; `people` has holes where someone was deleted. */
export interface GalleryContent {
  readonly version: number;
  readonly people: readonly (Identity | undefined)[];
  readonly blocks: ReadonlyMap<string, TemplateBlock>;
}

/**
 * All templates at one version of the roster. What a gallery answers never changes; a changed
 * roster is another gallery.
 */
export class Gallery {
  static readonly EMPTY = new Gallery({ version: 0, people: [], blocks: new Map() });
  /** Revision of the roster; a higher one is newer. */
  readonly version: number;
  readonly #people: readonly (Identity | undefined)[];
  readonly #blocks: ReadonlyMap<string, TemplateBlock>;
  // Scratch of `search`, which is synchronous, so that a search allocates next to nothing.
  readonly #best: BestTwo = {
    firstRow: -1,
    firstSimilarity: 0,
    secondRow: -1,
    secondSimilarity: 0,
  };

  constructor(content: GalleryContent) {
    this.version = content.version;
    this.#people = content.people;
    this.#blocks = content.blocks;
  }

  /** Encoders that have templates here. */
  modelIds(): readonly string[] {
    return [...this.#blocks].filter(([, block]) => block.persons > 0).map(([modelId]) => modelId);
  }

  /** The templates of one encoder as one matrix, for engines that multiply it as a whole. */
  block(modelId: string): TemplateBlock | undefined {
    return this.#blocks.get(modelId);
  }

  /**
   * 1:N. Exact: compares with every template of the probe's encoder.
   * @returns the best two persons, most similar first; fewer where fewer have templates
   * @throws PORTICO_NUMERIC_SHAPE when the probe is not of the encoder's dimension
   */
  search(probe: Probe): SearchResult {
    const { modelId } = probe;
    const block = this.#blocks.get(modelId);
    if (block === undefined || block.persons === 0) {
      return { modelId, personsSearched: 0, templatesCompared: 0, candidates: [] };
    }
    assertSameLength('probe and templates', probe.embedding.length, block.dimension);
    scanBestTwo(block.products, block.personOf, block.rows, probe.embedding, this.#best);
    const first = this.#candidate(block, this.#best.firstRow, this.#best.firstSimilarity);
    const second = this.#candidate(block, this.#best.secondRow, this.#best.secondSimilarity);
    const searched = { modelId, personsSearched: block.persons, templatesCompared: block.rows };
    if (first === undefined) return { ...searched, candidates: [] };
    if (second === undefined) return { ...searched, candidates: [first] };
    return { ...searched, candidates: [first, second] };
  }

  /**
   * 1:1. Compares with the templates of one identity only.
   * @returns that person as the only candidate, or none when it has no template of the encoder
   * @throws PORTICO_NUMERIC_SHAPE when the probe is not of the encoder's dimension
   */
  compareClaimed(probe: Probe, identityId: string): SearchResult {
    const { modelId } = probe;
    const block = this.#blocks.get(modelId);
    const nobody: SearchResult = {
      modelId,
      personsSearched: 0,
      templatesCompared: 0,
      candidates: [],
    };
    const person = this.#people.findIndex((identity) => identity?.identityId === identityId);
    if (block === undefined || person < 0) return nobody;
    assertSameLength('probe and templates', probe.embedding.length, block.dimension);
    let bestRow = -1;
    let best = Number.NEGATIVE_INFINITY;
    let templatesCompared = 0;
    for (let row = 0; row < block.rows; row += 1) {
      if (block.personOf[row] !== person) continue;
      templatesCompared += 1;
      const product = block.products.exact(row, probe.embedding);
      if (!(product > best)) continue;
      best = product;
      bestRow = row;
    }
    const candidate = this.#candidate(block, bestRow, best);
    return candidate === undefined
      ? nobody
      : { modelId, personsSearched: 1, templatesCompared, candidates: [candidate] };
  }

  /** Copies of a person's templates of one encoder. */
  vectorsOf(identityId: string, modelId: string): readonly Float32Array[] {
    const block = this.#blocks.get(modelId);
    const person = this.#people.findIndex((identity) => identity?.identityId === identityId);
    if (block === undefined || person < 0) return [];
    const { matrix, dimension } = block.products;
    return Array.from({ length: block.rows }, (_, row) => row)
      .filter((row) => block.personOf[row] === person)
      .map((row) => matrix.slice(row * dimension, (row + 1) * dimension));
  }

  #candidate(block: TemplateBlock, row: number, value: number): Candidate | undefined {
    const identity = this.#people[block.personOf[row] ?? -1];
    const templateId = block.templateIds[row];
    if (identity === undefined || templateId === undefined) return undefined;
    return { identity, templateId, similarity: similarity(Math.max(-1, Math.min(1, value))) };
  }
}
