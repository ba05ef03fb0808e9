import type { GateEvent } from '../domain/events.ts';

/** The event types that the discovery announces. */
export const HOME_EVENT_TYPES = [
  'admitted',
  'denied',
  'attack-suspected',
  'opened-remotely',
  'opened-from-inside',
  'order-refused',
  'forced',
  'held-open',
  'closed',
  'locked-down',
  'lock-down-released',
  'tailgating-suspected',
] as const;

/** What Home Assistant is told of one event; it takes further members for attributes. */
export interface HomeEvent {
  readonly event_type: (typeof HOME_EVENT_TYPES)[number];
  readonly [attribute: string]: string | number | readonly string[];
}

/** Undefined: nothing that Home Assistant is told; faults it sees in the state. */
export function homeEvent(event: GateEvent): HomeEvent | undefined {
  switch (event.type) {
    case 'access.granted':
      return { event_type: 'admitted', person: event.identityId };
    case 'access.denied': {
      const { reasons } = event;
      const isAttack = reasons.includes('attack-suspected');
      return { event_type: isAttack ? 'attack-suspected' : 'denied', reasons };
    }
    case 'door.opened-remotely':
      return { event_type: 'opened-remotely', by: event.by };
    case 'door.opened-from-inside':
      return { event_type: 'opened-from-inside' };
    case 'order.refused':
      return { event_type: 'order-refused', by: event.by, because: event.because };
    case 'door.forced':
      return { event_type: 'forced' };
    case 'door.held-open':
      return { event_type: 'held-open', open_for_s: Math.round(event.openForMs / 1_000) };
    case 'door.closed':
      return { event_type: 'closed' };
    case 'door.locked-down':
      return { event_type: 'locked-down' };
    case 'door.lock-down-released':
      return { event_type: 'lock-down-released' };
    case 'tailgating.suspected':
      return { event_type: 'tailgating-suspected', faces: event.faceCount };
    case 'door.not-relocked':
    case 'fault.raised':
    case 'fault.cleared':
    case 'roster.changed':
    case 'models.changed':
    case 'picture.taken':
    case 'gate.started':
    case 'gate.stopped':
      return undefined;
  }
}
