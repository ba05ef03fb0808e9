import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { monotonicMs } from '../../../src/domain/units.ts';
import { SubjectTrack, TRACK_LIMITS } from '../../../src/face/subject-track.ts';

const box = (xPx: number, sidePx = 100) => ({ xPx, yPx: 100, widthPx: sidePx, heightPx: sidePx });
const at = monotonicMs;
const person = Float32Array.of(1, 0, 0);
const samePerson = Float32Array.of(0.8, 0.6, 0);
const stranger = Float32Array.of(0.3, 0, Math.sqrt(1 - 0.09));

describe('SubjectTrack', () => {
  it('keeps its number while the face moves smoothly', () => {
    const track = new SubjectTrack(TRACK_LIMITS);
    const first = track.sight(box(0), at(0));
    assert.equal(track.sight(box(20), at(100)), first);
    assert.equal(track.sight(box(40, 110), at(200)), first);
  });

  it('never uses a number again', () => {
    const track = new SubjectTrack(TRACK_LIMITS);
    const first = track.sight(box(0), at(0));
    track.lose();
    const second = track.sight(box(0), at(50));
    track.lose();
    const third = track.sight(box(0), at(100));
    assert.equal(new Set([first, second, third]).size, 3);
  });

  it('ends when one frame shows nobody, however short the gap', () => {
    const track = new SubjectTrack(TRACK_LIMITS);
    const before = track.sight(box(0), at(0));
    track.lose();
    assert.notEqual(track.sight(box(0), at(1)), before);
  });

  it('ends when too much time passes between two sightings', () => {
    const track = new SubjectTrack(TRACK_LIMITS);
    const before = track.sight(box(0), at(0));
    assert.notEqual(track.sight(box(0), at(TRACK_LIMITS.maxGapMs + 1)), before);
  });

  it('ends when the face jumps to another place or size', () => {
    const track = new SubjectTrack(TRACK_LIMITS);
    const first = track.sight(box(0), at(0));
    const second = track.sight(box(90), at(50));
    const third = track.sight(box(90, 160), at(100));
    assert.equal(new Set([first, second, third]).size, 3);
  });

  it('keeps its number while the embeddings stay alike', () => {
    const track = new SubjectTrack(TRACK_LIMITS);
    const before = track.sight(box(0), at(0));
    assert.equal(track.identify(person), before);
    assert.equal(track.identify(samePerson), before);
  });

  it('ends when another person stands in the same place without a gap', () => {
    const track = new SubjectTrack(TRACK_LIMITS);
    const before = track.sight(box(0), at(0));
    track.identify(person);
    track.sight(box(0), at(50));
    const after = track.identify(stranger);
    assert.notEqual(after, before);
    assert.equal(track.sight(box(0), at(100)), after);
    assert.equal(track.identify(stranger), after);
  });

  it('remembers the person over frames that were too poor to encode', () => {
    const track = new SubjectTrack(TRACK_LIMITS);
    const before = track.sight(box(0), at(0));
    track.identify(person);
    for (let frame = 1; frame <= 10; frame += 1) {
      assert.equal(track.sight(box(0), at(frame * 100)), before);
    }
    assert.notEqual(track.identify(stranger), before);
  });

  it('ends on an embedding that is not a number', () => {
    const track = new SubjectTrack(TRACK_LIMITS);
    const before = track.sight(box(0), at(0));
    track.identify(person);
    assert.notEqual(track.identify(Float32Array.of(Number.NaN, 0, 0)), before);
  });
});
