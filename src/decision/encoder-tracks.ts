import type { Observation } from '../domain/observation.ts';
import { type RestartCause, TrackEvidence, type TrackEvidenceOptions } from './track-evidence.ts';

/**
 * The evidence of one track by the encoder that always runs, and by the fused one that runs when there is
 * time for it. Whatever throws one's evidence away throws the other's away too: a change of person that
 * only one of them notices must not leave the other with the person before.
 */
export class EncoderTracks {
  readonly #own: TrackEvidence;
  readonly #fused: TrackEvidence | undefined;

  constructor(own: TrackEvidenceOptions, fused: TrackEvidenceOptions | undefined) {
    this.#own = new TrackEvidence(own);
    this.#fused = fused === undefined ? undefined : new TrackEvidence(fused);
  }

  /** @returns why earlier evidence was thrown away, if there was any */
  observe(observation: Observation): RestartCause | undefined {
    const [own, fused] = [this.#own.observe(observation), this.#fused?.observe(observation)];
    const cause = own ?? fused;
    if (cause === 'disagreement' && this.#fused !== undefined) {
      this.forget();
      this.#own.observe(observation);
      this.#fused.observe(observation);
    }
    return cause;
  }

  /** Throws everything away; what comes next starts from nothing. */
  forget(): void {
    this.#own.forget();
    this.#fused?.forget();
  }

  /**
   * The evidence to decide by: the fused one's once it is of enough frames, if everybody whom the other
   * could find can be found by it.
   * @param hasTemplatesOfAll  of the encoder with that id
   */
  deciding(minGoodFrames: number, hasTemplatesOfAll: (modelId: string) => boolean): TrackEvidence {
    const summary = this.#fused?.summary();
    if (this.#fused === undefined || summary === undefined) return this.#own;
    const isReady = summary.goodFrames >= minGoodFrames && hasTemplatesOfAll(summary.modelId);
    return isReady ? this.#fused : this.#own;
  }
}
