import { mainFace } from '../face/select-subject.ts';
import { generateClip } from '../synthesis/clip.ts';
import { SPECIES } from '../synthesis/species.ts';
import { FaceFinder } from '../vision/face-finder.ts';
import { StageStopwatch } from '../vision/stage-stopwatch.ts';
import type { VisionStages } from '../vision/vision-stages.ts';
import type { ClipPerson } from './clip-people.ts';
import type { SeenFace } from './evaluate-stability.ts';

const CLIP = {
  size: { widthPx: 640, heightPx: 480 },
  framesPerSecond: 10,
  durationMs: 1_000,
} as const;
const FRAME = 5;

/** One frame of every species for each person, with the face that the detector finds in it. */
export async function drawnFaces(
  people: readonly ClipPerson[],
  stages: VisionStages,
  {
    seed,
    onProgress,
  }: {
    readonly seed: number;
    readonly onProgress?: (done: number, total: number) => void;
  },
): Promise<readonly SeenFace[]> {
  const finder = new FaceFinder(stages.detector, stages.detectorImage);
  const species = SPECIES.filter((kind) => kind !== 'slid-in-print');
  const faces: SeenFace[] = [];
  for (const [index, { portrait }] of people.entries()) {
    for (const [at, kind] of species.entries()) {
      const attacker = people[(index + 1) % people.length]?.portrait ?? portrait;
      const clip = generateClip({
        ...CLIP,
        portrait,
        attacker,
        species: kind,
        seed: seed + index * species.length + at,
      });
      const picture = clip.frame(FRAME);
      const found = await finder.find(picture, new StageStopwatch(() => 0));
      const face = mainFace(found, picture);
      if (face !== undefined) faces.push({ picture, box: face.box });
      onProgress?.(index * species.length + at + 1, people.length * species.length);
    }
  }
  return faces;
}
