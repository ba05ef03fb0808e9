/** What stands where something was taken out. */
export const REDACTED = '[redacted]';

interface Person {
  readonly identityId: string;
  readonly name: string;
}

/** A word with the marks that ids may hold; names are compared part by part. */
const WORD = /[\p{L}\p{N}][\p{L}\p{N}_.@-]*/gu;
const PART = /[\p{L}\p{N}]+/gu;
/** Shorter parts of names are words of the language as well; they count as they are written only. */
const TELLING_LENGTH = 4;

/**
 * Strikes out whoever is enrolled, wherever it is written. The second net: what goes into a bundle has been
 * chosen field by field before, so that this one should never find anything.
 */
export class StruckWords {
  readonly #words = new Set<string>();

  constructor(people: readonly Person[]) {
    for (const { identityId, name } of people) {
      this.#words.add(identityId);
      for (const part of [name, ...(name.match(PART) ?? [])]) {
        if (part.length < 2) continue;
        this.#words.add(part);
        if (part.length >= TELLING_LENGTH) this.#words.add(part.toLowerCase());
      }
    }
  }

  text(text: string): string {
    if (this.#words.size === 0) return text;
    return text.replace(WORD, (word) => {
      if (this.#isStruck(word)) return REDACTED;
      return word.replace(PART, (part) => (this.#isStruck(part) ? REDACTED : part));
    });
  }

  /** The same in every string of a JSON value; keys stay, they are words of ours. */
  value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((child) => this.value(child));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [key, this.value(child)]),
    );
  }

  #isStruck(word: string): boolean {
    return (
      this.#words.has(word) ||
      (word.length >= TELLING_LENGTH && this.#words.has(word.toLowerCase()))
    );
  }
}
