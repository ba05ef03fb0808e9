import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { VisitAction } from '../../../src/decision/visit.ts';
import type { AccessDecision, Grant } from '../../../src/domain/decision.ts';
import type { DenyReason } from '../../../src/domain/deny-reasons.ts';
import type { GateEvent } from '../../../src/domain/events.ts';
import { monotonicMs, similarity, wallMs } from '../../../src/domain/units.ts';
import type { RgbImage } from '../../../src/numeric/sample-image.ts';
import type { Attendance } from '../../../src/runtime/attendant.ts';
import { type PicturedEvent, PortraitTaker } from '../../../src/runtime/portrait-taker.ts';
import { FrameSlots } from '../../../src/vision/frame-slots.ts';
import { aFrameOf, aSubject } from '../../helpers/observation-builders.ts';

const SIZE = { widthPx: 64, heightPx: 48 };
const BOX = { xPx: 20, yPx: 10, widthPx: 20, heightPx: 20 };
/** With 0.4 of the box on each side. */
const PORTRAIT = { widthPx: 36, heightPx: 36 };

const deny = (first: DenyReason, ...rest: DenyReason[]): AccessDecision =>
  ({ outcome: 'deny', reasons: [first, ...rest] }) as AccessDecision;
const denied = (...reasons: DenyReason[]): GateEvent => ({ type: 'access.denied', reasons });
const GRANT = {
  outcome: 'grant',
  identityId: 'ada',
  similarity: similarity(0.7),
  threshold: similarity(0.4),
  modelId: 'm',
  capturedAtMs: monotonicMs(0),
} as Grant;

describe('taking the portrait of an event', () => {
  let slots: FrameSlots;
  let sequence: number;
  let portraits: { readonly of: number; readonly portrait: RgbImage }[];
  let taker: PortraitTaker;
  let number: number;

  const open = (...of: PicturedEvent[]): void => {
    taker = new PortraitTaker({
      slots,
      of,
      onPortrait: (about, portrait) => void portraits.push({ of: about, portrait }),
    });
  };
  beforeEach(() => {
    slots = new FrameSlots(SIZE);
    sequence = 0;
    portraits = [];
    number = 40;
    open('denied', 'attack-suspected');
  });

  const stored = (event: GateEvent): void => {
    number += 1;
    taker.onEvent({ number, atMs: wallMs(0), event });
  };
  /** A frame in which every byte is its number; its reports are in the store already, as at the gate. */
  const see = (
    trackId: number | undefined,
    decision: AccessDecision,
    actions: readonly VisitAction[] = [],
    isStored = true,
  ): void => {
    sequence += 1;
    slots.beginFrame().fill(sequence);
    slots.commitFrame(monotonicMs(sequence));
    for (const action of actions) if (action.kind === 'report' && isStored) stored(action.event);
    const attendance = { decision, step: { advice: { kind: 'hold-still' }, actions } };
    const subject = trackId === undefined ? undefined : aSubject({ trackId, box: BOX });
    taker.onAttendance(
      attendance as unknown as Attendance,
      aFrameOf(sequence, subject, { sequence }),
    );
  };
  const report = (trackId: number, event: GateEvent): VisitAction => ({
    kind: 'report',
    event,
    trackId,
  });
  const taken = () => portraits.map(({ of, portrait }) => [of, portrait.rgb[0]]);

  it('shows the face with its margin in the newest frame that said most', () => {
    see(1, deny('evidence-insufficient'));
    see(1, deny('no-match'));
    see(1, deny('no-match'));
    see(1, deny('quality-insufficient'));
    see(undefined, deny('no-subject'), [report(1, denied('no-match'))]);
    assert.deepEqual(taken(), [[41, 3]]);
    const [{ portrait } = assert.fail()] = portraits;
    assert.deepEqual(
      { widthPx: portrait.widthPx, heightPx: portrait.heightPx, bytes: portrait.rgb.length },
      { ...PORTRAIT, bytes: 36 * 36 * 3 },
    );
  });

  it('shows the face that left, not the one that came in the same frame', () => {
    see(1, deny('no-match'));
    see(2, deny('no-match'), [report(1, denied('no-match'))]);
    see(undefined, deny('no-subject'), [report(2, denied('no-match'))]);
    assert.deepEqual(taken(), [
      [41, 1],
      [42, 2],
    ]);
  });

  it('shows an attack in the frame in which it was found', () => {
    see(1, deny('no-match'), [report(1, denied('no-match'))]);
    see(1, deny('attack-suspected', 'no-match'), [report(1, denied('attack-suspected'))]);
    assert.deepEqual(taken(), [
      [41, 1],
      [42, 2],
    ]);
  });

  it('takes what was asked for and nothing else', () => {
    open('attack-suspected');
    see(1, deny('no-match'), [report(1, denied('no-match'))]);
    see(1, deny('attack-suspected'), [report(1, denied('attack-suspected'))]);
    see(1, GRANT, [{ kind: 'open', grant: GRANT }]);
    stored({ ...GRANT, type: 'access.granted', frameToRelayMs: 1 });
    assert.deepEqual(taken(), [[42, 2]]);
  });

  it('shows whoever was admitted once the door has opened, and nobody when it did not', () => {
    open('granted');
    see(1, deny('no-match'), [report(1, denied('no-match'))]);
    see(1, GRANT, [{ kind: 'open', grant: GRANT }]);
    see(2, deny('evidence-insufficient'));
    assert.deepEqual(taken(), []);
    stored({ ...GRANT, type: 'access.granted', frameToRelayMs: 80 });
    assert.deepEqual(taken(), [[42, 2]]);
    stored({ ...GRANT, type: 'access.granted', frameToRelayMs: 80 });
    assert.equal(portraits.length, 1, 'a portrait serves once');
  });

  it('takes none of an event that the store would not take', () => {
    see(1, deny('no-match'), [report(1, denied('no-match'))], false);
    assert.deepEqual(taken(), []);
  });

  it('takes none of a face whose frame is gone, nor of one that is not there', () => {
    const subject = aSubject({ trackId: 1, box: BOX });
    const step = { advice: { kind: 'hold-still' }, actions: [report(1, denied('no-match'))] };
    const attendance = { decision: deny('no-match'), step } as unknown as Attendance;
    stored(denied('no-match'));
    taker.onAttendance(attendance, aFrameOf(1, subject, { sequence: 99 }));
    see(undefined, deny('camera-fault'), [
      { kind: 'report', event: { type: 'tailgating.suspected', faceCount: 2 } },
    ]);
    assert.deepEqual(taken(), []);
  });
});
