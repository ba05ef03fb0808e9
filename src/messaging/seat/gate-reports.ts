import {
  type Availability,
  availabilityDocumentSchema,
  type StateDocument,
  stateDocumentSchema,
} from '../documents/state-document.ts';
import { parseJson } from '../envelope/compact-header.ts';
import { verifyDocument } from '../envelope/signing.ts';
import { textOf } from '../roster/read-roster.ts';
import type { TrustRing } from '../site/trust-ring.ts';
import { SIZE_LIMITS } from '../size-limits.ts';

export interface GateReportsListener {
  onAvailability?(gateId: string, availability: Availability): void;
  onState?(state: StateDocument): void;
}

/** What gates say of themselves, as far as it is theirs and makes sense; the rest is passed over. */
export class GateReports {
  readonly #site: string;
  readonly #trust: TrustRing;
  readonly #listener: GateReportsListener | undefined;

  constructor(site: string, trust: TrustRing, listener: GateReportsListener | undefined) {
    this.#site = site;
    this.#trust = trust;
    this.#listener = listener;
  }

  async takeState(gateId: string, payload: Uint8Array): Promise<void> {
    if (payload.length > SIZE_LIMITS.state) return;
    const verified = await verifyDocument(textOf(payload), {
      kind: 'state',
      schema: stateDocumentSchema,
      keyOf: this.#trust.gateLookup(gateId),
    });
    if (verified.outcome === 'refused') return;
    const { document } = verified;
    if (document.site !== this.#site || document.gateId !== gateId) return;
    this.#listener?.onState?.(document);
  }

  takeAvailability(gateId: string, payload: Uint8Array): void {
    if (payload.length > SIZE_LIMITS.availability) return;
    const parsed = availabilityDocumentSchema.safeParse(
      parseJson(Buffer.from(payload).toString('utf8')),
    );
    if (parsed.success) this.#listener?.onAvailability?.(gateId, parsed.data.availability);
  }
}
