import type { LivenessAssessment } from '../domain/liveness.ts';
import type { LivenessBounds } from '../domain/liveness-fusion.ts';
import type { FusionScore } from './fusion-score.ts';

type Evidence = Omit<FusionScore, 'contributions' | 'marksRatio'>;

const BEGINNING: LivenessAssessment = { outcome: 'undecided', logLikelihoodRatio: 0 };

/**
 * Wald's sequential probability ratio test over one track. The ratio of a step is that of all evidence so
 * far, so steps are not added up. An attack stays one; a bona fide finding lasts while the evidence goes
 * on to favour it. Stillness alone cannot refuse, and appearance alone cannot let in: a bona fide finding
 * needs motion that does not speak against it.
 */
export class SequentialTest {
  readonly #bounds: LivenessBounds;
  #assessment: LivenessAssessment = BEGINNING;

  constructor(bounds: LivenessBounds) {
    this.#bounds = bounds;
  }

  get assessment(): LivenessAssessment {
    return this.#assessment;
  }

  /**
   * Takes in the evidence of all key frames so far.
   * @param samples  how many they are
   */
  step(evidence: Evidence, samples: number): LivenessAssessment {
    const { logLikelihoodRatio, ratioWithoutStillness, motionRatio } = evidence;
    const { bonaFide, attack, motion, fewestSamples } = this.#bounds;
    if (samples < fewestSamples) return this.#undecided(logLikelihoodRatio);
    const before = this.#assessment.outcome;
    const holds = before === 'bona-fide' && logLikelihoodRatio >= 0;
    if (before === 'attack' || ratioWithoutStillness <= attack) {
      this.#assessment = { outcome: 'attack', logLikelihoodRatio };
    } else if (holds || (logLikelihoodRatio >= bonaFide && motionRatio >= motion)) {
      this.#assessment = { outcome: 'bona-fide', logLikelihoodRatio };
    } else {
      return this.#undecided(logLikelihoodRatio);
    }
    return this.#assessment;
  }

  #undecided(logLikelihoodRatio: number): LivenessAssessment {
    this.#assessment = { outcome: 'undecided', logLikelihoodRatio };
    return this.#assessment;
  }

  reset(): void {
    this.#assessment = BEGINNING;
  }
}
