import type { ConsoleRoom } from '../console-room.ts';
import type { Route } from '../exchange.ts';
import { orderGate, orderSite } from './gate-routes.ts';
import {
  changePerson,
  enrolPerson,
  listPeople,
  revokePerson,
  showPerson,
} from './people-routes.ts';
import { captureAtGate, readPhoto } from './photo-routes.ts';
import { showPicture } from './picture-routes.ts';
import { followLive, showSite } from './site-routes.ts';

export interface FoundRoute {
  readonly route: Route;
  readonly parts: Readonly<Record<string, string>>;
}

/** Every way to ask the console for something. */
const ROUTES: Readonly<Record<string, (room: ConsoleRoom) => Route>> = {
  'GET /api/live': followLive,
  'GET /api/site': showSite,
  'GET /api/people': listPeople,
  'POST /api/people': enrolPerson,
  'GET /api/people/:identityId': showPerson,
  'PUT /api/people/:identityId': changePerson,
  'DELETE /api/people/:identityId': revokePerson,
  'POST /api/photos': readPhoto,
  'POST /api/captures': captureAtGate,
  'GET /api/pictures/:gateId/:number': showPicture,
  'POST /api/gates/:gateId/orders': orderGate,
  'POST /api/orders': orderSite,
};

interface Entry {
  readonly method: string;
  readonly levels: readonly string[];
  readonly route: Route;
}

/** Finds the route of a request. */
export class RouteTable {
  readonly #entries: readonly Entry[];

  constructor(room: ConsoleRoom) {
    this.#entries = Object.entries(ROUTES).map(([pattern, make]) => {
      const [method = '', path = ''] = pattern.split(' ');
      return { method, levels: path.split('/'), route: make(room) };
    });
  }

  find(method: string, path: string): FoundRoute | undefined {
    const levels = path.split('/');
    for (const entry of this.#entries) {
      if (entry.method !== method || entry.levels.length !== levels.length) continue;
      const parts = match(entry.levels, levels);
      if (parts !== undefined) return { route: entry.route, parts };
    }
    return undefined;
  }
}

function match(
  pattern: readonly string[],
  levels: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const parts: Record<string, string> = {};
  for (const [index, wanted] of pattern.entries()) {
    const given = levels[index] ?? '';
    if (wanted.startsWith(':')) parts[wanted.slice(1)] = decoded(given);
    else if (wanted !== given) return undefined;
  }
  return parts;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
