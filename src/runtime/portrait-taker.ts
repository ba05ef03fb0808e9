import { isMoreTelling } from '../decision/telling-reasons.ts';
import type { DenyReason } from '../domain/deny-reasons.ts';
import type { GateEvent, NumberedEvent } from '../domain/events.ts';
import { BYTES_PER_PIXEL, frameBytes } from '../domain/frame.ts';
import type { Observation, SubjectObservation } from '../domain/observation.ts';
import { copyCutting, cuttingRound } from '../frame/crop-face.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import type { FrameSlots } from '../vision/frame-slots.ts';
import type { Attendance } from './attendant.ts';
import type { GateWatcher } from './gate-watcher.ts';

export type PicturedEvent = 'denied' | 'attack-suspected' | 'granted';

export interface PortraitTakerParts {
  readonly slots: Pick<FrameSlots, 'size' | 'peek'>;
  readonly of: readonly PicturedEvent[];
  /** Must not throw, and must not keep the caller waiting. */
  readonly onPortrait: (of: number, portrait: RgbImage) => void;
}

/** The face in the frame that said most of its track so far. */
interface Kept {
  readonly trackId: number;
  readonly reasons: readonly [DenyReason, ...DenyReason[]];
  readonly widthPx: number;
  readonly heightPx: number;
}

/** On each side, as a share of the face's box. */
const MARGIN = 0.4;

/**
 * Keeps the face of whoever is being judged, by the same rule by which the visit chooses what to report, and hands it
 * on when an event about that face has its number. All of it is a copy of some rows in memory: it runs between
 * two frames of the door.
 */
export class PortraitTaker implements GateWatcher {
  readonly #parts: PortraitTakerParts;
  readonly #numbers = new WeakMap<GateEvent, number>();
  /** Of the whole frame: whatever is cut out of it has room. */
  readonly #pixels: Uint8Array;
  #kept: Kept | undefined;
  /** Whoever was granted: the event comes once the strike has moved. */
  #admitted: { readonly identityId: string; readonly portrait: RgbImage } | undefined;

  constructor(parts: PortraitTakerParts) {
    this.#parts = parts;
    this.#pixels = new Uint8Array(frameBytes(parts.slots.size));
  }

  onEvent({ number, event }: NumberedEvent): void {
    if (event.type === 'access.denied') this.#numbers.set(event, number);
    const admitted = this.#admitted;
    if (event.type !== 'access.granted' || admitted?.identityId !== event.identityId) return;
    this.#admitted = undefined;
    this.#parts.onPortrait(number, admitted.portrait);
  }

  onAttendance({ decision, step }: Attendance, observation: Observation | undefined): void {
    const subject = observation?.subject;
    // A track that has ended is told of in the frame of the next one: first the old face, then the new.
    this.#handOn(step.actions, (trackId) => trackId !== subject?.trackId);
    if (subject === undefined || observation === undefined) return;
    if (decision.outcome === 'deny') this.#look(observation.sequence, subject, decision.reasons);
    this.#handOn(step.actions, (trackId) => trackId === subject.trackId);
    for (const action of step.actions) {
      if (action.kind === 'open') {
        this.#admit(observation.sequence, subject, action.grant.identityId);
      }
    }
  }

  #handOn(actions: Attendance['step']['actions'], isMeant: (trackId: number) => boolean): void {
    for (const action of actions) {
      if (action.kind !== 'report' || action.trackId === undefined) continue;
      const kept = this.#kept;
      if (!isMeant(action.trackId) || kept?.trackId !== action.trackId) continue;
      // No number: the store would not take the event, so there is nothing to be a picture of.
      const number = this.#numbers.get(action.event);
      if (number === undefined || !this.#isWanted(action.event)) continue;
      const { widthPx, heightPx } = kept;
      this.#parts.onPortrait(number, { rgb: this.#copied(widthPx * heightPx), widthPx, heightPx });
    }
  }

  #look(sequence: number, subject: SubjectObservation, reasons: Kept['reasons']): void {
    const { of } = this.#parts;
    if (!of.includes('denied') && !of.includes('attack-suspected')) return;
    const kept = this.#kept;
    const { trackId } = subject;
    if (kept?.trackId === trackId && !isMoreTelling(reasons, kept.reasons)) return;
    const size = this.#cutOut(sequence, subject);
    if (size !== undefined) this.#kept = { trackId, reasons, ...size };
    else if (kept?.trackId !== trackId) this.#kept = undefined;
  }

  #admit(sequence: number, subject: SubjectObservation, identityId: string): void {
    this.#admitted = undefined;
    if (!this.#parts.of.includes('granted')) return;
    const size = this.#cutOut(sequence, subject);
    if (size === undefined) return;
    this.#kept = undefined;
    const rgb = this.#copied(size.widthPx * size.heightPx);
    this.#admitted = { identityId, portrait: { rgb, ...size } };
  }

  /** @returns undefined when the frame is gone already */
  #cutOut(
    sequence: number,
    { box }: SubjectObservation,
  ): Pick<Kept, 'widthPx' | 'heightPx'> | undefined {
    const { slots } = this.#parts;
    const rgb = slots.peek(sequence);
    const cutting = cuttingRound(box, slots.size, MARGIN);
    if (rgb === undefined || cutting === undefined) return undefined;
    copyCutting({ rgb, ...slots.size }, cutting, this.#pixels);
    return { widthPx: cutting.widthPx, heightPx: cutting.heightPx };
  }

  #copied = (pixels: number): Uint8Array => this.#pixels.slice(0, pixels * BYTES_PER_PIXEL);

  #isWanted(event: GateEvent): boolean {
    if (event.type !== 'access.denied') return false;
    const isAttack = event.reasons.includes('attack-suspected');
    return this.#parts.of.includes(isAttack ? 'attack-suspected' : 'denied');
  }
}
