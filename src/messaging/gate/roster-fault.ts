import { ProtocolError } from '../../domain/errors.ts';
import type { RosterStanding } from '../../roster/roster-standing.ts';

/** The fault that a standing amounts to, for the gate's board of faults; undefined while all is well. */
export function rosterFault(standing: RosterStanding): ProtocolError | undefined {
  switch (standing) {
    case 'unheaded':
    case 'catching-up':
    case 'current':
      return undefined;
    case 'incomplete':
      return new ProtocolError('PORTICO_ROSTER_INCOMPLETE', {
        message: 'the roster is not what its head vouches for: records are missing',
        remedy:
          "Publish the administrator's copy of the roster again, and look whether the broker dropped or withheld messages.",
      });
    case 'stale':
    case 'expired':
      return new ProtocolError('PORTICO_ROSTER_STALE', {
        message: 'no valid head of the roster has come for too long',
        remedy:
          'Check the connection to the broker and issue a new head; people enrolled since the last one wait.',
        context: { standing },
      });
  }
}
