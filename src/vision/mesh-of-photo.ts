import type { Face, FaceMesh } from '../domain/face.ts';
import type { FaceMesher } from '../face/face-mesher.ts';
import { meshCropOfFace, meshCropOfMesh } from '../face/mesh-crop.ts';
import type { RgbImage } from '../numeric/sample-image.ts';

/**
 * A photograph's face, looked at twice: a crop by the first mesh is centred better than one by the detector's
 * box.
 * @throws PORTICO_MODEL_RUN
 */
export async function meshTwice(
  mesher: FaceMesher,
  photo: RgbImage,
  face: Face,
): Promise<{ readonly first: FaceMesh; readonly second: FaceMesh }> {
  const first = await mesher.mesh(photo, meshCropOfFace(face, mesher.sidePx));
  const second = await mesher.mesh(photo, meshCropOfMesh(first, mesher.sidePx));
  return { first, second };
}
