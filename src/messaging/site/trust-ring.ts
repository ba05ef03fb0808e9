import type { CryptoKey } from 'jose';
import type { WallMs } from '../../domain/units.ts';
import { type Recipient, recipientOf, verifyingKey } from '../envelope/keys.ts';
import { type KeyLookup, verifyDocument } from '../envelope/signing.ts';
import { type Refused, refusedFor } from '../refusal.ts';
import { type Administrator, type GateKey, type TrustList, trustListSchema } from './trust-list.ts';

export interface RootKey {
  readonly kid: string;
  readonly x: string;
}

interface Known<Principal> {
  readonly key: CryptoKey;
  readonly principal: Principal;
}

interface KnownAdministrator extends Known<Administrator> {
  readonly sealing: Recipient | undefined;
}

/** The newest trust list, with its keys ready. Several administrators' keys are valid at once. */
export class TrustRing {
  readonly #site: string;
  readonly #rootKid: string;
  readonly #root: CryptoKey;
  #epoch = 0;
  #text = '';
  #revoked: ReadonlySet<string> = new Set();
  #administrators = new Map<string, KnownAdministrator>();
  #gates = new Map<string, Known<GateKey>>();

  private constructor(site: string, rootKid: string, root: CryptoKey) {
    this.#site = site;
    this.#rootKid = rootKid;
    this.#root = root;
  }

  /** @throws PORTICO_SITE_FILE when the root is not a key */
  static async create(site: string, root: RootKey): Promise<TrustRing> {
    return new TrustRing(site, root.kid, await verifyingKey(root.x));
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** The newest list as its root signed it; empty before the first. */
  get text(): string {
    return this.#text;
  }

  gateIds(): readonly string[] {
    return [...this.#gates.values()].map(({ principal }) => principal.gateId);
  }

  administrators(): readonly Administrator[] {
    return [...this.#administrators.values()].map(({ principal }) => principal);
  }

  /** Takes a list over if the root signed it for this site and it is newer. */
  async accept(text: string): Promise<{ readonly outcome: 'accepted' | 'known' } | Refused> {
    const verified = await verifyDocument(text, {
      kind: 'trust-list',
      schema: trustListSchema,
      keyOf: this.rootLookup(),
    });
    if (verified.outcome === 'refused') return verified;
    const list = verified.document;
    if (list.site !== this.#site) return refusedFor('foreign-site');
    if (list.epoch < this.#epoch) return refusedFor('rollback');
    if (list.epoch === this.#epoch) return { outcome: 'known' };
    await this.#take(list);
    this.#text = text;
    return { outcome: 'accepted' };
  }

  rootLookup(): KeyLookup<'root'> {
    return (kid) =>
      kid === this.#rootKid
        ? { outcome: 'found', key: this.#root, principal: 'root' }
        : refusedFor('unknown-key');
  }

  /** Any administrator whose key counts now; whether the role fits is asked afterwards. */
  administratorLookup(now: WallMs): KeyLookup<Administrator> {
    return (kid) => {
      if (this.#revoked.has(kid)) return refusedFor('revoked-key');
      const known = this.#administrators.get(kid);
      if (known === undefined) return refusedFor('unknown-key');
      const { key, principal } = known;
      return isOver(principal, now)
        ? refusedFor('expired-key')
        : { outcome: 'found', key, principal };
    };
  }

  /** Whom a picture is sealed for now: those with the role audit who have a key for it. */
  auditors(now: WallMs): readonly Recipient[] {
    return [...this.#administrators.values()].flatMap(({ principal, sealing }) =>
      sealing === undefined || isOver(principal, now) || !principal.roles.includes('audit')
        ? []
        : [sealing],
    );
  }

  /** The key of one gate: no gate speaks for another. */
  gateLookup(gateId: string): KeyLookup<GateKey> {
    return (kid) => {
      if (this.#revoked.has(kid)) return refusedFor('revoked-key');
      const known = this.#gates.get(kid);
      if (known === undefined) return refusedFor('unknown-key');
      if (known.principal.gateId !== gateId) return refusedFor('wrong-gate');
      return { outcome: 'found', ...known };
    };
  }

  async #take(list: TrustList): Promise<void> {
    const administrators = new Map<string, KnownAdministrator>();
    for (const principal of list.administrators) {
      const { kid, x, sealing } = principal;
      administrators.set(kid, {
        key: await verifyingKey(x),
        principal,
        sealing: sealing === undefined ? undefined : await recipientOf(sealing),
      });
    }
    const gates = new Map<string, Known<GateKey>>();
    for (const principal of list.gates) {
      gates.set(principal.kid, { key: await verifyingKey(principal.x), principal });
    }
    // All keys are ready before any counts: a list is taken whole or not at all.
    this.#administrators = administrators;
    this.#gates = gates;
    this.#revoked = new Set(list.revoked);
    this.#epoch = list.epoch;
  }
}

const isOver = ({ validUntilMs }: Administrator, now: WallMs): boolean =>
  validUntilMs !== undefined && now >= validUntilMs;
