import type { FrameSize } from '../../src/domain/frame.ts';
import type { SceneScript } from './scene-camera.ts';
import type { SceneActor } from './scene-renderer.ts';

export interface Approach {
  /** Time from first appearing at the far end to standing before the door. */
  readonly walkMs: number;
  /** How long the person stands there, then walks away in the time it took to come. */
  readonly stayMs: number;
  /** Height of the face at the far end and at the door, as shares of the frame's height. */
  readonly farShare: number;
  readonly nearShare: number;
  /** Light at the far end; 1 at the door. */
  readonly farGain: number;
}

export const DEFAULT_APPROACH: Approach = {
  walkMs: 2500,
  stayMs: 3500,
  farShare: 0.07,
  nearShare: 0.4,
  farGain: 0.55,
};

/** Nobody is there. */
export const emptyScene: SceneScript = () => [];

/** One person walks up to the door, stands there and leaves. */
export function approachScene(
  actor: SceneActor,
  size: FrameSize,
  approach: Approach = DEFAULT_APPROACH,
): SceneScript {
  const { walkMs, stayMs, farShare, nearShare, farGain } = approach;
  return (elapsedMs) => {
    const away = elapsedMs - walkMs - stayMs;
    if (away > walkMs) return [];
    const share = away > 0 ? 1 - away / walkMs : Math.min(1, elapsedMs / walkMs);
    const nearness = share * share * (3 - 2 * share);
    const seconds = elapsedMs / 1000;
    return [
      {
        actor,
        xPx: size.widthPx * (0.5 + 0.12 * (1 - nearness) + 0.008 * Math.sin(seconds * 2.1)),
        yPx: size.heightPx * (0.46 + 0.006 * Math.sin(seconds * 3.3)),
        faceHeightPx: size.heightPx * (farShare + (nearShare - farShare) * nearness),
        rollDeg: 2.5 * Math.sin(seconds * 1.3),
        gain: farGain + (1 - farGain) * nearness,
      },
    ];
  };
}

/** Faces in the demonstration's photographs (widths 1920 px), found once by the detector. */
export const DEMO_FACES = {
  /** The resident on another day than the picture she is enrolled from. */
  resident: { picture: 'sample1.jpg', xPx: 1575, yPx: 345, heightPx: 230, rollDeg: 42 },
  enrolled: { picture: 'sample3.jpg', xPx: 1215, yPx: 360, heightPx: 200, rollDeg: 0 },
  stranger: { picture: 'sample6.jpg', xPx: 762, yPx: 500, heightPx: 230, rollDeg: 0 },
} as const;
export type DemoPerson = keyof typeof DEMO_FACES;
