/** Disjoint sets over names: joins people that must not be told apart. */
export class PeopleGraph {
  readonly #parent = new Map<string, string>();

  /** The name that stands for the whole set of `person`. */
  rootOf(person: string): string {
    let root = person;
    for (let up = this.#parent.get(root); up !== undefined; up = this.#parent.get(root)) root = up;
    if (root !== person) this.#parent.set(person, root);
    return root;
  }

  join(left: string, right: string): void {
    const rootLeft = this.rootOf(left);
    const rootRight = this.rootOf(right);
    if (rootLeft !== rootRight) this.#parent.set(rootRight, rootLeft);
  }
}

/**
 * Who a picture shows, as far as its path tells: the folder it lies in; a picture outside any
 * folder stands for itself.
 */
export function personOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? path : path.slice(0, slash);
}
