import { type ContentKey, type Signer, signerOf } from '../envelope/keys.ts';
import type { SeatFile } from '../site/site-files.ts';
import { TrustRing } from '../site/trust-ring.ts';

/** An administrator's keys, ready for use. */
export interface SeatKeys {
  readonly signer: Signer;
  readonly trust: TrustRing;
  /** The first one seals; none for an auditor. */
  readonly contentKeys: readonly ContentKey[];
}

/** @throws PORTICO_SITE_FILE for a file with keys that are none */
export async function openSeatKeys(seat: SeatFile): Promise<SeatKeys> {
  const trust = await TrustRing.create(seat.site, seat.root);
  await trust.accept(seat.trustList);
  return { signer: await signerOf(seat.signingKey), trust, contentKeys: seat.contentKeys };
}
