import type { FrameSize } from '../domain/frame.ts';
import type { Species } from '../synthesis/species.ts';
import type { VisionOptions } from '../vision/vision-options.ts';
import type { VisionStages } from '../vision/vision-stages.ts';
import type { ClipPerson } from './clip-people.ts';
import { clipVerdict } from './clip-trial.ts';
import { type ClipsReport, type ClipTrial, clipsReport } from './clips-report.ts';
import type { Progress } from './picture-encoder.ts';

export interface EvaluateClipsOptions {
  readonly stages: VisionStages;
  readonly vision: VisionOptions;
  /** At least two; none that the marks were fitted on. */
  readonly people: readonly ClipPerson[];
  readonly species: readonly Species[];
  readonly clipsPerSpecies: number;
  readonly seed: number;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

const SIZE: FrameSize = { widthPx: 640, heightPx: 480 };
const FRAMES_PER_SECOND = 12;
/** As long as the door looks on before it asks for a challenge. */
const LOOKING_MS = 4_000;
/** A picture that is slid in is there for as long, after the person. */
const SLID_IN_MS = 7_000;
/** Seeds of two species do not meet. */
const SEEDS_APART = 100_000;

/**
 * Shows the door generated clips of every species, people and seeds drawn in turn.
 * @throws PORTICO_MODEL_RUN; the signal's reason
 */
export async function evaluateClips(options: EvaluateClipsOptions): Promise<ClipsReport> {
  const { stages, vision, people, species, clipsPerSpecies, onProgress, signal } = options;
  const total = species.length * clipsPerSpecies;
  const trials: ClipTrial[] = [];
  for (const [at, kind] of species.entries()) {
    for (let index = 0; index < clipsPerSpecies; index += 1) {
      signal?.throwIfAborted();
      const shown = people[index % people.length];
      const attacker = people[(index + 1) % people.length];
      if (shown === undefined || attacker === undefined) continue;
      const seed = options.seed + SEEDS_APART * at + index;
      const verdict = await clipVerdict(stages, vision, {
        portrait: shown.portrait,
        attacker: attacker.portrait,
        species: kind,
        seed,
        size: SIZE,
        framesPerSecond: FRAMES_PER_SECOND,
        durationMs: kind === 'slid-in-print' ? SLID_IN_MS : LOOKING_MS,
      });
      trials.push({ species: kind, person: shown.person, seed, verdict });
      onProgress?.(trials.length, total);
    }
  }
  return clipsReport(trials);
}
