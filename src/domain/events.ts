import type { DenyReason } from './deny-reasons.ts';
import type { WallMs } from './units.ts';

/** What the gate reports to the outside: appended to the outbox, numbered without gaps. */
export type GateEvent =
  | {
      readonly type: 'access.granted';
      readonly identityId: string;
      readonly similarity: number;
      readonly threshold: number;
      readonly modelId: string;
      readonly frameToRelayMs: number;
      readonly livenessWaiver?: string;
    }
  | {
      readonly type: 'access.denied';
      readonly reasons: readonly DenyReason[];
      readonly similarity?: number;
      readonly threshold?: number;
      readonly modelId?: string;
    }
  | { readonly type: 'door.opened-from-inside' }
  /** `by`: an administrator's key id, or the name of a way in that the configuration allows. */
  | { readonly type: 'door.opened-remotely'; readonly by: string }
  /** Somebody asked from afar and was refused by the way in that `by` names, or by the door. */
  | { readonly type: 'order.refused'; readonly by: string; readonly because: string }
  | { readonly type: 'door.held-open'; readonly openForMs: number }
  | { readonly type: 'door.forced' }
  | { readonly type: 'door.closed' }
  | { readonly type: 'door.not-relocked'; readonly detail: string }
  | { readonly type: 'door.locked-down' }
  | { readonly type: 'door.lock-down-released' }
  | { readonly type: 'tailgating.suspected'; readonly faceCount: number }
  /**
   * A sealed picture of the subject of event `of` waits for an auditor until it expires; `digest`: SHA-256 of its
   * payload, base64url.
   */
  | {
      readonly type: 'picture.taken';
      readonly of: number;
      readonly digest: string;
      readonly expiresAtMs: number;
    }
  | { readonly type: 'fault.raised'; readonly code: string; readonly detail: string }
  | { readonly type: 'fault.cleared'; readonly code: string }
  | {
      readonly type: 'roster.changed';
      readonly identityId: string;
      readonly change: 'enrolled' | 'deleted';
    }
  /** `by`: an administrator's key id, or `command-line`. */
  | {
      readonly type: 'models.changed';
      readonly change: 'adopted' | 'taken-back' | 'refused';
      readonly set?: string;
      readonly by?: string;
    }
  | {
      readonly type: 'gate.started';
      readonly version: string;
      readonly provider: string;
      readonly livenessWaiver?: string;
    }
  | { readonly type: 'gate.stopped' };

export interface NumberedEvent {
  /** 1, 2, 3 ... per gate, without gaps. */
  readonly number: number;
  readonly atMs: WallMs;
  readonly event: GateEvent;
}
