import {
  type ContentKey,
  type Recipient,
  recipientOf,
  type Signer,
  signerOf,
} from '../envelope/keys.ts';
import type { SeatFile } from '../site/site-files.ts';
import { TrustRing } from '../site/trust-ring.ts';

/** An administrator's keys, ready for use. */
export interface SeatKeys {
  readonly signer: Signer;
  readonly trust: TrustRing;
  /** The first one seals; none for an auditor. */
  readonly contentKeys: readonly ContentKey[];
  /** Opens pictures; only with the role audit. */
  readonly sealing: Recipient | undefined;
}

/** @throws PORTICO_SITE_FILE for a file with keys that are none */
export async function openSeatKeys(seat: SeatFile): Promise<SeatKeys> {
  const trust = await TrustRing.create(seat.site, seat.root);
  await trust.accept(seat.trustList);
  const { signingKey, sealingKey, contentKeys } = seat;
  const sealing = sealingKey === undefined ? undefined : await recipientOf(sealingKey);
  return { signer: await signerOf(signingKey), trust, contentKeys, sealing };
}
