import { execFileSync, spawnSync } from 'node:child_process';

const ip = (...args: readonly string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });

/** A machine of its own, as far as the network goes, at one end of a cable that can be pulled out. */
export class NetNamespace {
  readonly name: string;
  /** This side's address, as the namespace sees it. */
  readonly hostAddress: string;
  readonly #cable: string;

  /** @param index  0 to 250, of this test */
  constructor(index: number) {
    const id = `${process.pid % 100_000}`;
    this.name = `portico-${id}-${index}`;
    this.#cable = `pt${id}h${index}`;
    const inside = `pt${id}n${index}`;
    this.hostAddress = `10.77.${index}.1`;
    ip('netns', 'add', this.name);
    ip('link', 'add', this.#cable, 'type', 'veth', 'peer', 'name', inside, 'netns', this.name);
    ip('address', 'add', `${this.hostAddress}/24`, 'dev', this.#cable);
    ip('link', 'set', this.#cable, 'up');
    ip('-n', this.name, 'address', 'add', `10.77.${index}.2/24`, 'dev', inside);
    ip('-n', this.name, 'link', 'set', inside, 'up');
    ip('-n', this.name, 'link', 'set', 'lo', 'up');
  }

  /** What to put before a command so that it runs there. */
  get command(): readonly string[] {
    return ['ip', 'netns', 'exec', this.name];
  }

  pullOut(): void {
    ip('link', 'set', this.#cable, 'down');
  }

  plugIn(): void {
    ip('link', 'set', this.#cable, 'up');
  }

  remove(): void {
    spawnSync('ip', ['netns', 'delete', this.name], { stdio: 'ignore' });
  }
}
