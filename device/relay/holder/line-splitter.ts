/**
 * Cuts a stream of text into complete lines; what follows the last line end waits for its own.
 * A line longer than `maxLength` is dropped whole.
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #maxLength: number;
  #rest = '';
  #isSkipping = false;

  constructor(onLine: (line: string) => void, maxLength = 4_096) {
    this.#onLine = onLine;
    this.#maxLength = maxLength;
  }

  push(text: string): void {
    const pieces = (this.#rest + text).split('\n');
    this.#rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      if (!this.#isSkipping && piece.length <= this.#maxLength) this.#onLine(piece);
      this.#isSkipping = false;
    }
    if (this.#rest.length > this.#maxLength) {
      this.#rest = '';
      this.#isSkipping = true;
    }
  }
}
