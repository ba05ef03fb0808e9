import type { Point } from '../../src/domain/face.ts';
import { meshCropOfFace, meshCropOfMesh } from '../../src/face/mesh-crop.ts';
import type { Portrait } from '../../src/synthesis/portrait.ts';
import { FaceFinder } from '../../src/vision/face-finder.ts';
import { StageStopwatch } from '../../src/vision/stage-stopwatch.ts';
import type { VisionStages } from '../../src/vision/vision-stages.ts';
import { demoPhoto } from './prepared-vision.ts';

/** The person of a demonstration photograph whose face is nearest to a point, with the mesh of the shipped model. */
export async function demoPortrait(
  stages: VisionStages,
  photo: string,
  near: Point,
): Promise<Portrait> {
  const image = await demoPhoto(photo);
  const finder = new FaceFinder(stages.detector, stages.detectorImage);
  const faces = await finder.search(image, new StageStopwatch(() => 0));
  const distance = ({ box }: (typeof faces)[number]): number =>
    Math.hypot(box.xPx + box.widthPx / 2 - near.xPx, box.yPx + box.heightPx / 2 - near.yPx);
  const [face] = faces.toSorted((left, right) => distance(left) - distance(right));
  if (face === undefined) throw new Error(`there is no face in ${photo}`);
  const { mesher } = stages;
  const first = await mesher.mesh(image, meshCropOfFace(face, mesher.sidePx));
  const { points } = await mesher.mesh(image, meshCropOfMesh(first, mesher.sidePx));
  return { image, mesh: Float32Array.from(points) };
}
