import type { WallMs } from '../../domain/units.ts';
import { type ContentKey, recipientOf, type Signer, signerOf } from '../envelope/keys.ts';
import { openFor } from '../envelope/sealing.ts';
import { verifyDocument } from '../envelope/signing.ts';
import { type Refused, refusedFor } from '../refusal.ts';
import { contentKeysDocumentSchema } from '../site/content-keys-document.ts';
import type { GatePassport } from '../site/site-files.ts';
import { TrustRing } from '../site/trust-ring.ts';
import type { SiteStore } from './gate-ports.ts';

type Settings = Pick<SiteStore, 'setting' | 'setSetting'>;

const TRUST_SETTING = 'site.trust-list';
const KEYS_SETTING = 'site.content-keys';

export type KeyOutcome = { readonly outcome: 'accepted' | 'known' } | Refused;

/** Whose signatures count and what opens the site's documents, as a gate knows it. */
export class SiteKeys {
  readonly trust: TrustRing;
  readonly signer: Signer;
  readonly #passport: GatePassport;
  readonly #store: Settings;
  #contentKeys: readonly ContentKey[] = [];
  #keysEpoch = 0;

  private constructor(passport: GatePassport, store: Settings, trust: TrustRing, signer: Signer) {
    this.#passport = passport;
    this.#store = store;
    this.trust = trust;
    this.signer = signer;
  }

  /** Begins with the passport, then takes what came since. @throws PORTICO_SITE_FILE for a bad key */
  static async open(passport: GatePassport, store: Settings): Promise<SiteKeys> {
    const trust = await TrustRing.create(passport.site, passport.root);
    const keys = new SiteKeys(passport, store, trust, await signerOf(passport.signingKey));
    for (const text of [passport.trustList, store.setting(TRUST_SETTING)]) {
      if (text !== undefined) await trust.accept(text);
    }
    for (const text of [passport.contentKeys, store.setting(KEYS_SETTING)]) {
      if (text !== undefined) await keys.#takeContentKeys(text);
    }
    return keys;
  }

  get contentKeys(): readonly ContentKey[] {
    return this.#contentKeys;
  }

  administrators(now: WallMs) {
    return this.trust.administratorLookup(now);
  }

  async acceptTrustList(text: string): Promise<KeyOutcome> {
    const result = await this.trust.accept(text);
    if (result.outcome === 'accepted') this.#store.setSetting(TRUST_SETTING, text);
    return result;
  }

  async acceptContentKeys(text: string): Promise<KeyOutcome> {
    const result = await this.#takeContentKeys(text);
    if (result.outcome === 'accepted') this.#store.setSetting(KEYS_SETTING, text);
    return result;
  }

  async #takeContentKeys(text: string): Promise<KeyOutcome> {
    const { sealingKey: own, site, gateId } = this.#passport;
    const opened = await openFor('content-keys', text, await recipientOf(own));
    if (opened.outcome === 'refused') return opened;
    const verified = await verifyDocument(opened.text, {
      kind: 'content-keys',
      schema: contentKeysDocumentSchema,
      keyOf: this.trust.rootLookup(),
    });
    if (verified.outcome === 'refused') return verified;
    const { document } = verified;
    if (document.site !== site) return refusedFor('foreign-site');
    if (document.gateId !== gateId) return refusedFor('wrong-gate');
    if (document.epoch < this.#keysEpoch) return refusedFor('rollback');
    if (document.epoch === this.#keysEpoch) return { outcome: 'known' };
    this.#contentKeys = document.keys;
    this.#keysEpoch = document.epoch;
    return { outcome: 'accepted' };
  }
}
