import { ModelError } from '../domain/errors.ts';
import type { FiveLandmarks, Point } from '../domain/face.ts';
import type { LivenessFusion } from '../domain/liveness-fusion.ts';
import { DETECTOR_LIMITS } from '../face/face-detector.ts';
import { DOOR_QUALITY } from '../face/quality-limits.ts';
import { WHOLE_FRAME, type Zone } from '../face/select-subject.ts';
import { TRACK_LIMITS } from '../face/subject-track.ts';
import type { Catalogue, ResolvedNetwork } from '../inference/catalogue.ts';
import type { NetworkManifest } from '../inference/manifest.ts';
import type { ProviderPolicy } from '../inference/providers.ts';
import type {
  EncoderModel,
  FusionOptions,
  ImageModel,
  LivenessModels,
  VisionOptions,
} from './vision-options.ts';

const DETECTOR_ID = 'blazeface-back';
const MESH_ID = 'facemesh';
const MINIFAS_ID = 'pad-minifas';
const ANTISPOOF_ID = 'pad-antispoof';

/** Part of the subject's area from which a second face makes it unclear who is meant. */
const RIVAL_RATIO = 0.5;
/** By then 85 % of the bona fide clips are decided, after ten seconds 92 %: longer asks too much. */
const CHALLENGE_AFTER_MS = 4_000;

export interface VisionChoices {
  /** Ids of encoders; the first also watches that a track stays with one person. */
  readonly encoders: readonly [string, ...string[]];
  readonly providers: ProviderPolicy;
  /** Fitted weights of the liveness fusion; absent: the policy does without liveness. */
  readonly livenessFusion?: LivenessFusion;
  readonly fusion?: FusionOptions;
  /** See `LivenessModels`. */
  readonly challengeAfterMs?: number;
  readonly engineModule?: string;
  readonly averagesFlip?: boolean;
  readonly zone?: Zone;
  readonly detectEvery?: number;
}

/**
 * Joins what the manifests say with what the operator chose; the rest are the door's constants.
 * @throws PORTICO_MODEL_MANIFEST, PORTICO_MODEL_MISSING or PORTICO_MODEL_INTEGRITY
 */
export function assembleOptions(catalogue: Catalogue, choices: VisionChoices): VisionOptions {
  const { engineModule, averagesFlip = false, livenessFusion, fusion } = choices;
  const { challengeAfterMs = CHALLENGE_AFTER_MS } = choices;
  return {
    ...(engineModule === undefined ? {} : { engineModule }),
    providers: choices.providers,
    detector: imageModel(catalogue.resolve(DETECTOR_ID), 'face-detection'),
    mesh: imageModel(catalogue.resolve(MESH_ID), 'face-mesh'),
    encoders: choices.encoders.map((id) => encoderModel(catalogue.resolve(id), averagesFlip)),
    ...(fusion === undefined ? {} : { fusion }),
    ...(livenessFusion === undefined
      ? {}
      : { liveness: { ...livenessModels(catalogue), fusion: livenessFusion, challengeAfterMs } }),
    zone: choices.zone ?? WHOLE_FRAME,
    rivalRatio: RIVAL_RATIO,
    detectEvery: choices.detectEvery ?? 1,
    detection: DETECTOR_LIMITS,
    quality: DOOR_QUALITY,
    track: TRACK_LIMITS,
  };
}

function livenessModels(catalogue: Catalogue): Pick<LivenessModels, 'minifas' | 'antispoof'> {
  return {
    minifas: imageModel(catalogue.resolve(MINIFAS_ID), 'passive-pad'),
    antispoof: imageModel(catalogue.resolve(ANTISPOOF_ID), 'passive-pad'),
  };
}

function imageModel(network: ResolvedNetwork, task: NetworkManifest['task']): ImageModel {
  const { manifest, onnxPath } = network;
  const { id, input, outputs, prepared } = manifest;
  if (manifest.task !== task) throw unfit(id, `is for ${manifest.task}, not for ${task}`);
  const [, , heightPx, widthPx] = input.shape;
  const { colourOrder } = input;
  if (colourOrder === 'grey') throw unfit(id, 'wants a grey picture');
  return {
    session: { id, path: onnxPath, sha256: prepared.sha256, inputs: [input], outputs },
    image: {
      widthPx,
      heightPx,
      channelOrder: colourOrder,
      mean: perChannel(id, input.mean),
      std: perChannel(id, input.std),
    },
  };
}

function encoderModel(network: ResolvedNetwork, averagesFlip: boolean): EncoderModel {
  const { id, crop } = network.manifest;
  const template = crop.points?.map(([xPx, yPx]): Point => ({ xPx, yPx })) ?? [];
  return {
    ...imageModel(network, 'embedding'),
    template: asFiveLandmarks(id, template),
    averagesFlip,
  };
}

function asFiveLandmarks(id: string, points: readonly Point[]): FiveLandmarks {
  const [leftEye, rightEye, nose, leftMouth, rightMouth] = points;
  if (
    leftEye === undefined ||
    rightEye === undefined ||
    nose === undefined ||
    leftMouth === undefined ||
    rightMouth === undefined
  ) {
    throw unfit(id, 'names no five points to align the face to (crop.points)');
  }
  return [leftEye, rightEye, nose, leftMouth, rightMouth];
}

function perChannel(id: string, values: readonly number[]): readonly [number, number, number] {
  const [first, second, third] = values;
  if (first === undefined || second === undefined || third === undefined) {
    throw unfit(id, 'has no mean and std for three channels');
  }
  return [first, second, third];
}

function unfit(id: string, what: string): ModelError {
  return new ModelError('PORTICO_MODEL_MANIFEST', {
    message: `the model ${id} ${what}`,
    remedy: 'Name a fitting model in models.encoders, or correct its manifest.',
    context: { modelId: id },
  });
}
