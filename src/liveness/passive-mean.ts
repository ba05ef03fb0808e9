import type { PassiveEvidence } from './key-frame.ts';
import type { PassiveScores } from './liveness-sample.ts';

/** Probabilities nearer to 0 or 1 than this say no more than this: the networks are not that sure of anything. */
const LEAST_PROBABILITY = 5e-5;

/** @returns finite log-odds, NaN only for NaN */
export function logOdds(probability: number): number {
  const kept = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, probability));
  return Math.log(kept / (1 - kept));
}

/** Mean log-odds of the passive networks over the frames between two key frames. */
export class PassiveMean {
  #frames = 0;
  #wideBonaFide = 0;
  #wideSecond = 0;
  #tightBonaFide = 0;
  #tightSecond = 0;
  #antispoofFrames = 0;
  #antispoof = 0;

  /** A frame whose scores are not all numbers is left out: no evidence. */
  add({ wide, tight, antispoof }: PassiveScores): void {
    const sum = wide[0] + wide[1] + tight[0] + tight[1];
    if (!Number.isFinite(sum)) return;
    this.#frames += 1;
    this.#wideBonaFide += logOdds(wide[0]);
    this.#wideSecond += logOdds(wide[1]);
    this.#tightBonaFide += logOdds(tight[0]);
    this.#tightSecond += logOdds(tight[1]);
    if (antispoof === undefined || !Number.isFinite(antispoof)) return;
    this.#antispoofFrames += 1;
    this.#antispoof += logOdds(antispoof);
  }

  /** @returns undefined when there was no frame */
  take(): PassiveEvidence | undefined {
    const frames = this.#frames;
    const mean: PassiveEvidence | undefined =
      frames === 0
        ? undefined
        : {
            wideBonaFide: this.#wideBonaFide / frames,
            wideSecond: this.#wideSecond / frames,
            tightBonaFide: this.#tightBonaFide / frames,
            tightSecond: this.#tightSecond / frames,
            antispoof:
              this.#antispoofFrames === 0 ? undefined : this.#antispoof / this.#antispoofFrames,
          };
    this.reset();
    return mean;
  }

  reset(): void {
    this.#frames = 0;
    this.#wideBonaFide = 0;
    this.#wideSecond = 0;
    this.#tightBonaFide = 0;
    this.#tightSecond = 0;
    this.#antispoofFrames = 0;
    this.#antispoof = 0;
  }
}
