import { gateIdSchema, identityIdSchema } from '../roster/roster-documents.ts';

/** Every topic of a site. Only opaque ids occur in them. */
export interface SiteTopics {
  readonly trustList: string;
  readonly rosterHead: string;
  readonly allRecords: string;
  record(identityId: string): string;
  gate(gateId: string): GateTopics;
  /** The same for all gates at once, as filters. */
  readonly allGates: GateTopics;
  /** Where a seat awaits answers. */
  answers(seatId: string): string;
  /** Whether a gate may answer there: a response topic is chosen by a peer. */
  isAnswerTopic(topic: string): boolean;
  /** @returns undefined for a topic of another site, or none of ours */
  parse(topic: string): ParsedTopic | undefined;
}

export interface GateTopics {
  readonly availability: string;
  readonly state: string;
  readonly event: string;
  readonly command: string;
  readonly contentKeys: string;
  readonly receipt: string;
  readonly picture: string;
  readonly pictureReceipt: string;
}

const GATE_NOUNS = [
  'availability',
  'state',
  'event',
  'command',
  'keys',
  'receipt',
  'picture',
  'picture-receipt',
] as const;
export type GateNoun = (typeof GATE_NOUNS)[number];

export type ParsedTopic =
  | { readonly noun: 'trust' }
  | { readonly noun: 'roster-head' }
  | { readonly noun: 'roster'; readonly identityId: string }
  | { readonly noun: 'answer' }
  | { readonly noun: GateNoun; readonly gateId: string };

const SEAT_ID = /^[A-Za-z0-9_-]{8,64}$/;

export function siteTopics(site: string): SiteTopics {
  const root = `portico/${site}`;
  const answers = `${root}/answer/`;
  return {
    trustList: `${root}/trust`,
    rosterHead: `${root}/roster-head`,
    allRecords: `${root}/roster/+`,
    record: (identityId) => `${root}/roster/${identityId}`,
    gate: (gateId) => gateTopics(`${root}/gate/${gateId}`),
    allGates: gateTopics(`${root}/gate/+`),
    answers: (seatId) => answers + seatId,
    isAnswerTopic: (topic) =>
      topic.startsWith(answers) && SEAT_ID.test(topic.slice(answers.length)),
    parse: (topic) =>
      topic.startsWith(`${root}/`) ? parse(topic.slice(root.length + 1).split('/')) : undefined,
  };
}

const gateTopics = (base: string): GateTopics => ({
  availability: `${base}/availability`,
  state: `${base}/state`,
  event: `${base}/event`,
  command: `${base}/command`,
  contentKeys: `${base}/keys`,
  receipt: `${base}/receipt`,
  picture: `${base}/picture`,
  pictureReceipt: `${base}/picture-receipt`,
});

function parse([noun, id, gateNoun, ...rest]: readonly string[]): ParsedTopic | undefined {
  if (id === undefined) return noun === 'trust' || noun === 'roster-head' ? { noun } : undefined;
  if (gateNoun === undefined) {
    if (noun === 'answer') return { noun };
    return noun === 'roster' && identityIdSchema.safeParse(id).success
      ? { noun, identityId: id }
      : undefined;
  }
  if (noun !== 'gate' || rest.length > 0 || !gateIdSchema.safeParse(id).success) return undefined;
  const known = GATE_NOUNS.find((name) => name === gateNoun);
  return known === undefined ? undefined : { noun: known, gateId: id };
}
