import type { Clock } from '../../domain/ports/clock.ts';
import { type SigningRules, type Verified, verifyDocument } from '../envelope/signing.ts';
import { refusedFor } from '../refusal.ts';
import { textOf } from '../roster/read-roster.ts';
import type { Administrator } from '../site/trust-list.ts';
import type { SiteKeys } from './site-keys.ts';

export interface ReceiptContext {
  readonly site: string;
  readonly gateId: string;
  readonly keys: SiteKeys;
  readonly clock: Pick<Clock, 'wall'>;
}

/** A receipt for this gate, if somebody of its site who may audit has signed it. */
export async function verifyReceipt<T extends { readonly site: string; readonly gateId: string }>(
  payload: Uint8Array,
  rules: Pick<SigningRules<T, Administrator>, 'kind' | 'schema'>,
  { site, gateId, keys, clock }: ReceiptContext,
): Promise<Verified<T, Administrator>> {
  const keyOf = keys.administrators(clock.wall());
  const verified = await verifyDocument(textOf(payload), { ...rules, keyOf });
  if (verified.outcome === 'refused') return verified;
  const { document, signer } = verified;
  if (document.site !== site) return refusedFor('foreign-site');
  if (document.gateId !== gateId) return refusedFor('wrong-gate');
  if (!signer.roles.includes('audit')) return refusedFor('wrong-role');
  return verified;
}
