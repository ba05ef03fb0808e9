import type { FaceMesh } from '../domain/face.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { FaceFinder } from './face-finder.ts';
import { meshTwice } from './mesh-of-photo.ts';
import { StageStopwatch } from './stage-stopwatch.ts';
import type { VisionStages } from './vision-stages.ts';

/** The meshes of the faces in a photograph, largest first, each from a second look at its own place. */
export async function portraitsIn(
  { detector, detectorImage, mesher }: VisionStages,
  image: RgbImage,
  leastHeightPx: number,
): Promise<readonly FaceMesh[]> {
  const finder = new FaceFinder(detector, detectorImage);
  const faces = await finder.search(image, new StageStopwatch(() => 0));
  const large = faces
    .filter(({ box }) => box.heightPx >= leastHeightPx)
    .toSorted((left, right) => right.box.heightPx - left.box.heightPx);
  const meshes: FaceMesh[] = [];
  for (const face of large) {
    const { second } = await meshTwice(mesher, image, face);
    meshes.push(second);
  }
  return meshes;
}
