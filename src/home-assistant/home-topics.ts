/** Where a gate meets Home Assistant. Nothing of the signed protocol of a site goes over these. */
export interface HomeTopics {
  /** Device discovery of this gate. */
  readonly discovery: string;
  /** Where Home Assistant says that it has started. */
  readonly birth: string;
  readonly availability: string;
  /** Everything that lasts, as one retained JSON object. */
  readonly state: string;
  /** What happens, one JSON object each, never retained. */
  readonly event: string;
  readonly door: string;
  readonly lockDown: string;
  readonly artPower: string;
  readonly artStyle: string;
  readonly artInterval: string;
}

export const deviceIdOf = (gateId: string): string => `portico-${gateId}`;

/** @param gateId opaque, of the characters that Home Assistant allows in an object id */
export function homeTopics(gateId: string, discoveryPrefix: string): HomeTopics {
  const own = `portico-home/${gateId}`;
  return {
    discovery: `${discoveryPrefix}/device/${deviceIdOf(gateId)}/config`,
    birth: `${discoveryPrefix}/status`,
    availability: `${own}/availability`,
    state: `${own}/state`,
    event: `${own}/event`,
    door: `${own}/door/set`,
    lockDown: `${own}/lock-down/set`,
    artPower: `${own}/art/power/set`,
    artStyle: `${own}/art/style/set`,
    artInterval: `${own}/art/interval/set`,
  };
}
