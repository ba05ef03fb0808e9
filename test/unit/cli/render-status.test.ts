import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { renderStatus } from '../../../src/cli/render-status.ts';
import { Terminal } from '../../../src/cli/terminal.ts';

const terminal = new Terminal({
  out: new PassThrough(),
  err: new PassThrough(),
  json: false,
  colour: false,
  interactive: false,
});

describe('renderStatus', () => {
  it('tells a person at the machine what is wrong', () => {
    const page = renderStatus(
      {
        schemaVersion: 1,
        version: '1.2.3',
        condition: 'degraded',
        upForMs: 50 * 3_600_000,
        provider: 'cpu',
        networks: [
          { modelId: 'facemesh', provider: 'cpu', threads: '1, measured (1: 0.97 ms, 2: 1.01 ms)' },
          { modelId: 'resnet-128', provider: 'cuda' },
        ],
        livenessWaiver: 'a trial in the hall',
        stages: [
          { stage: 'camera', ageMs: 300_000, isLate: true },
          { stage: 'page', isLate: false },
        ],
        faults: ['PORTICO_CAMERA_STALLED'],
        door: { state: 'locked', contact: 'closed', isLockedDown: false },
        site: {
          site: 'harbour',
          gateId: 'front',
          isConnected: false,
          heardAgoMs: 200_000,
          standing: 'stale',
          epoch: 17,
          people: 41,
          ignoredTemplates: 0,
          waitingEvents: 12,
          refusals: { replayed: 2, expired: 1 },
          pictures: { waiting: 3, lost: { busy: 1 } },
        },
        decisions: { granted: 3, denied: 1 },
        latencyMs: { detect: { p50: 5.04, p95: 9.13 } },
        machine: {
          residentBytes: 209_715_200,
          freeBytes: 1_048_576,
          hottestC: 71.4,
          isThrottled: true,
        },
      },
      terminal,
    );
    assert.equal(
      page,
      `degraded  version 1.2.3, up 2 days, inference on cpu
liveness waived: a trial in the hall

door       locked, contact closed
site       front of harbour, broker away, heard 3 min ago
roster     stale, epoch 17, 41 people
outbox     12 events wait for safe keeping
pictures   3 wait for an auditor; lost: busy 1
not obeyed replayed 2, expired 1
decisions  3 granted, 1 denied since the start
machine    200 MiB resident, 1 MiB free for the store, 71 °C, slowed down for its heat
faults     PORTICO_CAMERA_STALLED

stage   last work  note
──────  ─────────  ────
camera  5 min ago  late
page    never

network     runs on  threads
──────────  ───────  ────────────────────────────────────
facemesh    cpu      1, measured (1: 0.97 ms, 2: 1.01 ms)
resnet-128  cuda

time per frame  median ms  95 % ms
──────────────  ─────────  ───────
detect          5.0        9.1`,
    );
  });
});
