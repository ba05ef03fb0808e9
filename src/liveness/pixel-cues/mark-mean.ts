import { PIXEL_CUES, type PixelCue, type PixelEvidence } from './pixel-evidence.ts';

/** These gather over the track by themselves: the newest value says the most. */
const GATHERING: ReadonlySet<PixelCue> = new Set(['surroundings-follow', 'pulse']);

/** One number per pixel cue over the frames between two key frames. */
export class MarkMean {
  readonly #sums = new Map<PixelCue, { sum: number; frames: number }>();

  add(evidence: PixelEvidence): void {
    for (const cue of PIXEL_CUES) {
      const value = evidence[cue];
      if (value === undefined || !Number.isFinite(value)) continue;
      const before = GATHERING.has(cue) ? undefined : this.#sums.get(cue);
      this.#sums.set(cue, {
        sum: value + (before?.sum ?? 0),
        frames: 1 + (before?.frames ?? 0),
      });
    }
  }

  /** @returns undefined when no frame had anything to measure */
  take(): PixelEvidence | undefined {
    const meanOf = (cue: PixelCue): number | undefined => {
      const gathered = this.#sums.get(cue);
      return gathered === undefined ? undefined : gathered.sum / gathered.frames;
    };
    const mean: PixelEvidence | undefined =
      this.#sums.size === 0
        ? undefined
        : {
            'surroundings-follow': meanOf('surroundings-follow'),
            moire: meanOf('moire'),
            'refresh-bands': meanOf('refresh-bands'),
            'black-level': meanOf('black-level'),
            saturation: meanOf('saturation'),
            blueness: meanOf('blueness'),
            highlights: meanOf('highlights'),
            defocus: meanOf('defocus'),
            'flickering-texture': meanOf('flickering-texture'),
            pulse: meanOf('pulse'),
          };
    this.reset();
    return mean;
  }

  reset(): void {
    this.#sums.clear();
  }
}
