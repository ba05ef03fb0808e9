import type { Identity } from '../domain/identity.ts';
import type { WallMs } from '../domain/units.ts';
import { parseInstant } from './parse-instant.ts';

/** Options of `portico people edit`; what is absent stays. */
export interface IdentityChange {
  readonly name?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
  readonly schedule?: string;
}

const NONE = 'none';

/** @throws PORTICO_USAGE for a date that is none */
export function changedIdentity(before: Identity, change: IdentityChange): Identity {
  const validFromMs = changedDate(before.validFromMs, change.validFrom);
  const validUntilMs = changedDate(before.validUntilMs, change.validUntil);
  const scheduleId = change.schedule ?? before.scheduleId;
  return {
    identityId: before.identityId,
    name: change.name ?? before.name,
    ...(validFromMs === undefined ? {} : { validFromMs }),
    ...(validUntilMs === undefined ? {} : { validUntilMs }),
    ...(scheduleId === undefined || scheduleId === NONE ? {} : { scheduleId }),
  };
}

function changedDate(before: WallMs | undefined, text: string | undefined): WallMs | undefined {
  if (text === undefined) return before;
  return text === NONE ? undefined : parseInstant(text);
}
