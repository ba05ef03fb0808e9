import type { RandomSource } from '../../src/numeric/random.ts';
import type { DiskStep, FileChange, NameChange } from './disk-recording.ts';

const SECTOR_BYTES = 512;

/** A file apart from its names: what is safe on the medium, and what still waits for a sync. */
interface Inode {
  safe: Buffer;
  waiting: FileChange[];
}

/**
 * A disk that keeps what was synced and nothing else for certain. When the power goes, of every file's unsynced writes any may
 * have reached it, whole or in part, and of the folder's unsynced changes the first few.
 */
export class UnsafeDisk {
  readonly #folder: string;
  /** As the process sees them. */
  readonly #names = new Map<string, Inode>();
  #safeNames = new Map<string, Inode>();
  #waitingNames: { readonly change: NameChange; readonly inode: Inode }[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  apply(step: DiskStep): void {
    switch (step.kind) {
      case 'said':
        return;
      case 'sync':
        this.#sync(step.path);
        return;
      case 'write':
      case 'truncate':
        this.#names.get(step.path)?.waiting.push(step);
        return;
      case 'create':
      case 'link':
      case 'unlink':
        this.#changeFolder(step);
    }
  }

  /** What may be found after a power cut now, by path. */
  cut(random: RandomSource): ReadonlyMap<string, Buffer> {
    const names = new Map(this.#safeNames);
    const count = Math.floor(random() * (this.#waitingNames.length + 1));
    for (const { change, inode } of this.#waitingNames.slice(0, count)) {
      changeNames(names, change, inode);
    }
    const found = new Map<Inode, Buffer>();
    return new Map(
      [...names].map(([path, inode]) => {
        const content = found.get(inode) ?? survivors(inode, random);
        found.set(inode, content);
        return [path, content];
      }),
    );
  }

  #sync(path: string): void {
    if (path === this.#folder) {
      this.#safeNames = new Map(this.#names);
      this.#waitingNames = [];
      return;
    }
    const inode = this.#names.get(path);
    if (inode === undefined) return;
    for (const change of inode.waiting) inode.safe = changed(inode.safe, change);
    inode.waiting = [];
  }

  #changeFolder(change: NameChange): void {
    const known = this.#names.get(change.path);
    if (change.kind === 'create' && known !== undefined) return;
    const inode = known ?? { safe: Buffer.alloc(0), waiting: [] };
    this.#waitingNames.push({ change, inode });
    changeNames(this.#names, change, inode);
  }
}

function changeNames(names: Map<string, Inode>, change: NameChange, inode: Inode): void {
  if (change.kind === 'unlink') names.delete(change.path);
  else names.set(change.kind === 'link' ? change.to : change.path, inode);
}

function survivors({ safe, waiting }: Inode, random: RandomSource): Buffer {
  return waiting.reduce((content, change) => {
    const fate = random();
    if (fate < 0.4) return content;
    if (fate < 0.8 || change.kind === 'truncate') return changed(content, change);
    const sectors = Math.floor((random() * change.data.length) / SECTOR_BYTES);
    return changed(content, { ...change, data: change.data.subarray(0, sectors * SECTOR_BYTES) });
  }, safe);
}

/** A copy with the change in it. */
function changed(content: Buffer, change: FileChange): Buffer {
  if (change.kind === 'truncate') {
    const result = Buffer.alloc(change.length);
    content.copy(result);
    return result;
  }
  const { offset, data } = change;
  if (data.length === 0) return content;
  const result = Buffer.alloc(Math.max(content.length, offset + data.length));
  content.copy(result);
  data.copy(result, offset);
  return result;
}
