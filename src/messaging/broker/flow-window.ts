interface Waiter {
  readonly start: () => void;
  readonly reject: (error: unknown) => void;
}

/** Lets so many things be under way at once; the others wait their turn in order. */
export class FlowWindow {
  #size: number;
  #underWay = 0;
  #waiting: Waiter[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  resize(size: number): void {
    this.#size = size;
    this.#admit();
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#underWay >= this.#size) {
      await new Promise<void>((start, reject) => this.#waiting.push({ start, reject }));
    } else this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      this.#admit();
    }
  }

  /** Those that still wait will not start. */
  rejectWaiting(error: unknown): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
  }

  #admit(): void {
    while (this.#underWay < this.#size) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#underWay += 1;
      next.start();
    }
  }
}
