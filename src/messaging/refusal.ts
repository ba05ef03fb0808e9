import type { RosterRefusal } from '../roster/apply-roster.ts';

/** Why a message was not obeyed. Counted by reason and shown; a peer's message is never an exception. */
export const MESSAGE_REFUSALS = [
  'unknown-topic',
  'oversize',
  'malformed',
  'unknown-content-key',
  'not-authentic',
  'unknown-key',
  'revoked-key',
  'expired-key',
  'wrong-role',
  'wrong-schema',
  'foreign-site',
  'wrong-gate',
  'topic-mismatch',
  'rollback',
  'conflicting-version',
  'conflicting-head',
  'malformed-template',
  'not-storable',
  'retained',
  'early',
  'expired',
  'replayed',
  'out-of-order',
  'no-answer-address',
  'flooded',
  'ahead-of-outbox',
  'wrong-stream',
] as const;

export type MessageRefusal = (typeof MESSAGE_REFUSALS)[number] | RosterRefusal;

export interface Refused {
  readonly outcome: 'refused';
  readonly reason: MessageRefusal;
}

export const refusedFor = (reason: MessageRefusal): Refused => ({ outcome: 'refused', reason });
