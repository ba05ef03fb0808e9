import type { Box, Face } from '../domain/face.ts';
import type { FrameSize } from '../domain/frame.ts';
import { boxArea, boxCentre } from './box-geometry.ts';

/** Part of the frame that belongs to the door, as shares of its width and height, in [0, 1]. */
export interface Zone {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const WHOLE_FRAME: Zone = { left: 0, top: 0, right: 1, bottom: 1 };

export interface SubjectChoice {
  /** Faces whose centre lies in the zone. */
  readonly faceCount: number;
  /** The largest of them. */
  readonly subject: Face | undefined;
  /** Another one is nearly as large: which of the two means to enter cannot be told. */
  readonly hasRival: boolean;
}

/**
 * Chooses the one face that the gate attends to.
 * @param rivalRatio  share of the subject's area, in (0, 1], from which another face is a rival
 */
export function selectSubject(
  faces: readonly Face[],
  frame: FrameSize,
  zone: Zone,
  rivalRatio: number,
): SubjectChoice {
  const inZone = faces
    .filter((face) => isInZone(face.box, frame, zone))
    .sort((left, right) => boxArea(right.box) - boxArea(left.box));
  const [subject, second] = inZone;
  const hasRival =
    subject !== undefined &&
    second !== undefined &&
    boxArea(second.box) >= rivalRatio * boxArea(subject.box);
  return { faceCount: inZone.length, subject, hasRival };
}

/**
 * The face that a photograph is of: the largest, unless it stands aside and one hardly smaller is in
 * the middle. Area in square pixels, less twice the square of the distance from the middle.
 */
export function mainFace(faces: readonly Face[], photo: FrameSize): Face | undefined {
  const weight = ({ box }: Face): number => {
    const { xPx, yPx } = boxCentre(box);
    const aside = Math.hypot(xPx - photo.widthPx / 2, yPx - photo.heightPx / 2);
    return boxArea(box) - 2 * aside ** 2;
  };
  return [...faces].sort((left, right) => weight(right) - weight(left))[0];
}

export function isInZone(box: Box, frame: FrameSize, zone: Zone): boolean {
  const centre = boxCentre(box);
  const x = centre.xPx / frame.widthPx;
  const y = centre.yPx / frame.heightPx;
  return x >= zone.left && x <= zone.right && y >= zone.top && y <= zone.bottom;
}
