import type { PROTOCOL_SCHEMAS } from '../../src/messaging/protocol-schemas.ts';
import { encodeVector } from '../../src/roster/roster-documents.ts';

const id43 = (letter: string): string => letter.repeat(43);
const HOUR = 3_600_000;
const AT = 1_767_614_400_000;
const header = { schemaVersion: 1, site: 'harbour' } as const;
const root = { kid: id43('R'), x: id43('S') };
const signingKey = { kty: 'OKP', crv: 'Ed25519', x: id43('x'), d: id43('d') };
const broker = { url: 'mqtt://127.0.0.1:1883' };
const contentKey = { kid: id43('C'), k: id43('k') };
const gate = { gateId: 'gate-1', kid: id43('G'), x: id43('g') };
const administrator = { kid: id43('K'), x: id43('x'), roles: ['enrol', 'operate'] };
const auditor = {
  kid: id43('A'),
  x: id43('x'),
  roles: ['audit'],
  sealing: { kid: id43('B'), x: id43('b') },
};

/** One valid payload of every kind: shown in the documentation, and where the fuzzer begins. */
export const PROTOCOL_EXAMPLES: Readonly<Record<keyof typeof PROTOCOL_SCHEMAS, unknown>> = {
  'trust-list': {
    ...header,
    kind: 'trust-list',
    epoch: 4,
    issuedAtMs: AT,
    administrators: [administrator, auditor],
    gates: [gate],
    revoked: [id43('Z')],
  },
  'content-keys': {
    ...header,
    kind: 'content-keys',
    gateId: 'gate-1',
    epoch: 4,
    issuedAtMs: AT,
    keys: [contentKey],
  },
  record: {
    ...header,
    kind: 'person',
    issuedAtMs: AT,
    version: 2,
    identityId: 'p-1',
    name: 'Ada',
    validUntilMs: AT + 1_000 * HOUR,
    scheduleId: 'office',
    templates: [
      {
        templateId: 'p-1.1',
        modelId: 'encoder-a',
        enrolledAtMs: AT,
        embedding: encodeVector(Float32Array.of(0.6, 0, -0.8, 0)),
      },
    ],
  },
  head: {
    ...header,
    kind: 'head',
    issuedAtMs: AT,
    epoch: 17,
    count: 1,
    setHash: id43('h'),
    validUntilMs: AT + 168 * HOUR,
  },
  command: {
    ...header,
    kind: 'command',
    gateId: 'gate-1',
    nonce: 'n'.repeat(22),
    issuedAtMs: AT,
    expiresAtMs: AT + 15_000,
    order: { name: 'capture-enrolment', identityId: 'p-1', timeoutMs: 30_000 },
  },
  answer: {
    ...header,
    kind: 'answer',
    gateId: 'gate-1',
    nonce: 'n'.repeat(22),
    atMs: AT + 80,
    result: { outcome: 'refused', reason: 'no-face', text: 'Stand before the camera.' },
  },
  event: {
    ...header,
    kind: 'event',
    gateId: 'gate-1',
    streamId: 's'.repeat(22),
    number: 41,
    record: JSON.stringify({ number: 41, atMs: AT, event: { type: 'door.closed' } }),
    previousHash: id43('p'),
    hash: id43('q'),
  },
  picture: {
    ...header,
    kind: 'picture',
    gateId: 'gate-1',
    sealed: 'eyJhbGciOiJkaXIiLCJl..aaaaaaaaaaaaaaaa.jjjjjjjjjjjjjjjj.tttttttttttttttttttttt',
    keys: [
      'eyJhbGciOiJFQ0RILUVT.wwwwwwww.aaaaaaaaaaaaaaaa.kkkkkkkkkkkkkkkk.tttttttttttttttttttttt',
    ],
  },
  'picture-receipt': {
    ...header,
    kind: 'picture-receipt',
    gateId: 'gate-1',
    digests: [id43('p')],
    issuedAtMs: AT,
  },
  receipt: {
    ...header,
    kind: 'receipt',
    gateId: 'gate-1',
    streamId: 's'.repeat(22),
    upTo: 41,
    resend: false,
    issuedAtMs: AT,
  },
  state: {
    ...header,
    kind: 'state',
    gateId: 'gate-1',
    atMs: AT,
    gate: {
      version: '0.1.0',
      door: 'locked',
      contact: 'closed',
      isLockedDown: false,
      camera: 'delivering',
      provider: 'cuda',
      faults: [],
      uptimeSeconds: 86_400,
      art: {
        isOn: true,
        manner: 'fast',
        style: 'every',
        intervalS: 120,
        shown: { style: 'The Great Wave', manner: 'fast' },
      },
      temperaturesCelsius: { cpu: 51.5 },
    },
    roster: { standing: 'current', epoch: 17, count: 1, ignoredTemplates: 0 },
    events: { last: 41, acknowledged: 40 },
    refusals: { replayed: 1 },
  },
  availability: { schemaVersion: 1, kind: 'availability', availability: 'online' },
  site: {
    ...header,
    kind: 'portico-site',
    root: signingKey,
    trustEpoch: 4,
    administrators: [administrator],
    gates: [{ ...gate, sealing: { kid: id43('E'), x: id43('e') } }],
    revoked: [],
    contentKeys: [contentKey],
  },
  seat: {
    ...header,
    kind: 'portico-seat',
    broker,
    root,
    signingKey,
    contentKeys: [contentKey],
    trustList: 'eyJ…',
  },
  'gate-passport': {
    ...header,
    kind: 'portico-gate',
    gateId: 'gate-1',
    broker,
    root,
    signingKey,
    sealingKey: { ...signingKey, crv: 'X25519' },
    trustList: 'eyJ…',
    contentKeys: 'eyJ…',
    minimumHeadEpoch: 17,
  },
};
