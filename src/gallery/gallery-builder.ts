import type { Identity, Template } from '../domain/identity.ts';
import { Gallery } from './gallery.ts';
import { TemplateBlockBuilder } from './template-block.ts';

/** A template without its numbers, which lie in the matrix. */
export type TemplateRecord = Omit<Template, 'embedding'>;

/** One person as the builder knows it. */
export interface PersonEntry {
  readonly index: number;
  readonly identity: Identity;
  readonly revision: number;
  readonly templates: readonly TemplateRecord[];
}

/** The roster in memory; follows it change by change and hands out galleries that never change. */
export class GalleryBuilder {
  readonly #entries = new Map<string, PersonEntry>();
  readonly #people: (Identity | undefined)[] = [];
  readonly #vacant: number[] = [];
  readonly #blocks = new Map<string, TemplateBlockBuilder>();
  readonly #expectedRows = new Map<string, number>();

  /** Room for so many templates of an encoder, to be told before they come. */
  expect(modelId: string, rows: number): void {
    this.#expectedRows.set(modelId, rows);
  }

  /** Adds a person, or changes one to be as given. */
  put(identity: Identity, revision: number, templates: readonly Template[]): void {
    const before = this.#entries.get(identity.identityId);
    const index = before?.index ?? this.#vacant.pop() ?? this.#people.length;
    const known = new Set(before?.templates.map(({ templateId }) => templateId));
    const wanted = new Set(templates.map(({ templateId }) => templateId));
    this.#take(before?.templates.filter(({ templateId }) => !wanted.has(templateId)) ?? []);
    for (const { modelId, templateId, embedding } of templates) {
      if (known.has(templateId)) continue;
      this.#block(modelId, embedding.length).append(index, templateId, embedding);
    }
    this.#people[index] = identity;
    this.#entries.set(identity.identityId, {
      index,
      identity,
      revision,
      templates: templates.map(({ embedding: _, ...record }) => record),
    });
  }

  remove(identityId: string): void {
    const entry = this.#entries.get(identityId);
    if (entry === undefined) return;
    this.#take(entry.templates);
    this.#people[entry.index] = undefined;
    this.#vacant.push(entry.index);
    this.#entries.delete(identityId);
  }

  entry(identityId: string): PersonEntry | undefined {
    return this.#entries.get(identityId);
  }

  /** In the order of enrolment as far as this process saw it. */
  identities(): readonly Identity[] {
    return [...this.#entries.values()].map(({ identity }) => identity);
  }

  get size(): number {
    return this.#entries.size;
  }

  identityIds(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Dimension of an encoder's templates, once it has any. */
  dimensionOf(modelId: string): number | undefined {
    return this.#blocks.get(modelId)?.view().dimension;
  }

  snapshot(version: number): Gallery {
    const blocks = new Map([...this.#blocks].map(([modelId, block]) => [modelId, block.view()]));
    return new Gallery({ version, people: this.#people.slice(), blocks });
  }

  #block(modelId: string, dimension: number): TemplateBlockBuilder {
    const existing = this.#blocks.get(modelId);
    if (existing !== undefined) return existing;
    const block = new TemplateBlockBuilder(dimension, this.#expectedRows.get(modelId));
    this.#blocks.set(modelId, block);
    return block;
  }

  #take(records: readonly TemplateRecord[]): void {
    for (const modelId of new Set(records.map((record) => record.modelId))) {
      const gone = records.filter((record) => record.modelId === modelId);
      const block = this.#blocks.get(modelId);
      block?.remove(new Set(gone.map(({ templateId }) => templateId)));
      // Without templates the encoder's dimension is open again.
      if (block?.view().persons === 0) this.#blocks.delete(modelId);
    }
  }
}
