import { systemClock } from '../../device/index.ts';
import type { GateRequest } from '../cli/composition.ts';
import type { Config } from '../config/schema.ts';
import { mqttLinks } from '../messaging/broker/mqtt-link.ts';
import { systemRandom } from '../messaging/broker/retry-delays.ts';
import type { Encoder } from '../roster/apply-roster.ts';
import { ROSTER_TRUST_DEFAULTS, type RosterTrustPolicy } from '../roster/roster-standing.ts';
import {
  type PicturePolicy,
  SiteMembership,
  type SiteMembershipParts,
} from '../runtime/site-membership.ts';
import { bindToSite, readPassport } from '../runtime/site-passport.ts';

export interface SiteSurroundings {
  readonly request: GateRequest;
  /** The first one decides. */
  readonly encoders: readonly [Encoder, ...Encoder[]];
  readonly version: string;
}

/** What the gate has, once it is put together, and its site may use. */
export type SiteTools = Pick<SiteMembershipParts, 'gate' | 'art' | 'attendant' | 'readPhoto'> &
  Pick<PicturePolicy, 'slots'>;
export type SiteOpener = (tools: SiteTools) => Promise<SiteMembership>;

/**
 * How the gate joins its site once its door stands; undefined where it belongs to none, or is
 * only looked at beside the one that runs.
 * @throws PORTICO_SITE_FILE when it belongs to a site and its passport is gone, damaged or of another one
 */
export function siteOpener({
  request,
  encoders,
  version,
}: SiteSurroundings): SiteOpener | undefined {
  if (request.speaksAbroad !== true) return undefined;
  const { config, store, logger, service, hottestC = () => undefined } = request;
  const clock = systemClock;
  const passport = readPassport(config.site);
  bindToSite(store, passport?.site);
  if (passport === undefined) return undefined;
  const { broker } = passport;
  return ({ slots, ...tools }) =>
    SiteMembership.join({
      ...tools,
      passport,
      store,
      encoders,
      trustPolicy: trustPolicyOf(config),
      acknowledgement: config.site.events,
      pictures: picturePolicyOf(config, slots),
      clock,
      logger,
      openLink: mqttLinks({ broker, clock, logger, random: systemRandom }),
      version,
      hottestC,
      service,
    });
}

const HOUR_MS = 3_600_000;

function picturePolicyOf(
  { site: { pictures } }: Config,
  slots: PicturePolicy['slots'],
): PicturePolicy | undefined {
  if (pictures === undefined) return undefined;
  const { of, keepHours } = pictures;
  return { of, slots, keepForMs: keepHours * HOUR_MS };
}

function trustPolicyOf({ site: { staleRoster } }: Config): RosterTrustPolicy {
  const { incompleteAfterS, expireAfterS } = staleRoster;
  return {
    ...ROSTER_TRUST_DEFAULTS,
    incompleteAfterMs: incompleteAfterS * 1_000,
    ...(expireAfterS === undefined ? {} : { expireAfterMs: expireAfterS * 1_000 }),
  };
}
