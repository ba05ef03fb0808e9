import { captureObstacles } from '../decision/capture-obstacles.ts';
import { isMoreTelling, tellingReasons } from '../decision/telling-reasons.ts';
import type { Denial } from '../domain/decision.ts';
import { DENY_REASON_TEXT } from '../domain/deny-reasons.ts';
import type { Observation, SubjectObservation } from '../domain/observation.ts';
import type { Clock } from '../domain/ports/clock.ts';
import { type MonotonicMs, monotonicMs } from '../domain/units.ts';
import type { NewTemplate } from '../gallery/roster-shapes.ts';
import type { Attendance, Attendant } from './attendant.ts';
import type { Gate } from './gate.ts';

export interface EnrolmentCaptureParts {
  readonly gate: Pick<Gate, 'watch'>;
  readonly attendant: Pick<Attendant, 'beginCapture'>;
  readonly clock: Clock;
  /** The encoder that decides: so many of its samples are wanted. */
  readonly encoderId: string;
}

export type Capture =
  | { readonly outcome: 'captured'; readonly samples: readonly NewTemplate[] }
  | { readonly outcome: 'refused'; readonly reason: string; readonly text: string };

const SAMPLES = 3;
/** Frames that follow one another at once show the same. */
const APART_MS = 250;

/**
 * Takes in the person before the camera for enrolment: the same demands of life, quality and agreement as for
 * opening the door, and no picture is kept. One capture at a time.
 */
export class EnrolmentCapture {
  readonly #parts: EnrolmentCaptureParts;
  #isRunning = false;
  #giveUp: () => void = () => undefined;

  constructor(parts: EnrolmentCaptureParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async run(timeoutMs: number): Promise<Capture> {
    if (this.#isRunning) return BUSY;
    this.#isRunning = true;
    const { gate, attendant, clock, encoderId } = this.#parts;
    const look = new Look(encoderId);
    const endCapture = attendant.beginCapture();
    let endWatch = (): void => undefined;
    try {
      return await new Promise<Capture>((resolve) => {
        const cancel = clock.after(timeoutMs, () => resolve(look.refusal()));
        this.#giveUp = () => {
          cancel();
          resolve(CLOSED);
        };
        endWatch = gate.watch({
          onAttendance: (attendance, observation) => {
            const samples = look.take(attendance, observation);
            if (samples === undefined) return;
            cancel();
            resolve({ outcome: 'captured', samples });
          },
        });
      });
    } finally {
      endWatch();
      endCapture();
      this.#isRunning = false;
    }
  }

  /** The gate is being stopped. */
  close(): void {
    this.#giveUp();
  }
}

/** The frames of one capture: samples of the present track, and what stood in the way. */
class Look {
  readonly #encoderId: string;
  #trackId: number | undefined;
  #samples: NewTemplate[] = [];
  #newestAtMs: MonotonicMs = monotonicMs(Number.NEGATIVE_INFINITY);
  #obstacles: Denial | undefined;
  #qualityFault: string | undefined;

  constructor(encoderId: string) {
    this.#encoderId = encoderId;
  }

  /** @returns the samples, once they are enough and of one living person */
  take(
    { decision, restart }: Attendance,
    observation: Observation | undefined,
  ): readonly NewTemplate[] | undefined {
    const subject = observation?.subject;
    if (subject === undefined || restart !== undefined || subject.trackId !== this.#trackId) {
      this.#samples = [];
    }
    this.#trackId = subject?.trackId;
    if (observation !== undefined && subject !== undefined) {
      this.#gather(observation, subject);
    }
    const obstacles = captureObstacles(decision);
    if (obstacles !== undefined) {
      this.#note(obstacles, subject);
      return undefined;
    }
    return this.#count(this.#encoderId) >= SAMPLES ? this.#samples : undefined;
  }

  refusal(): Capture {
    const [reason] = this.#obstacles === undefined ? [] : tellingReasons(this.#obstacles.reasons);
    if (reason === undefined) return NOBODY;
    if (reason === 'quality-insufficient' && this.#qualityFault !== undefined) {
      const text = `The picture of the face was not good enough: ${this.#qualityFault}.`;
      return { outcome: 'refused', reason: this.#qualityFault, text };
    }
    const text = `Nobody could be taken in: ${DENY_REASON_TEXT[reason]}.`;
    return { outcome: 'refused', reason, text };
  }

  #gather({ capturedAtMs, hasRival }: Observation, subject: SubjectObservation): void {
    const isGood = subject.quality.outcome === 'acceptable' && !hasRival;
    if (!isGood || capturedAtMs - this.#newestAtMs < APART_MS) return;
    this.#newestAtMs = capturedAtMs;
    for (const { modelId, embedding } of subject.probes) {
      if (this.#count(modelId) < SAMPLES) this.#samples.push({ modelId, embedding });
    }
  }

  #note(obstacles: Denial, subject: SubjectObservation | undefined): void {
    const known = this.#obstacles;
    if (known !== undefined && !isMoreTelling(obstacles.reasons, known.reasons)) return;
    this.#obstacles = obstacles;
    if (subject?.quality.outcome === 'refused') [this.#qualityFault] = subject.quality.faults;
  }

  #count(modelId: string): number {
    return this.#samples.filter((sample) => sample.modelId === modelId).length;
  }
}

const NOBODY: Capture = {
  outcome: 'refused',
  reason: 'no-subject',
  text: 'Nobody stood before the camera long enough.',
};
const BUSY: Capture = {
  outcome: 'refused',
  reason: 'busy',
  text: 'The gate is taking somebody in already; try again in a moment.',
};
const CLOSED: Capture = {
  outcome: 'refused',
  reason: 'closed-down',
  text: 'The gate is being stopped.',
};
