import { FaceEncoder } from '../embedding/face-encoder.ts';
import { FaceDetector } from '../face/face-detector.ts';
import { FaceMesher } from '../face/face-mesher.ts';
import { type Engine, loadEngine } from '../inference/engine.ts';
import { tensorImage } from '../inference/image-input.ts';
import type { ProviderPolicy, RungReport } from '../inference/providers.ts';
import { ModelSession } from '../inference/session.ts';
import { PassiveNets } from '../liveness/passive-nets.ts';
import type { TensorImage } from '../numeric/sample-image.ts';
import type { EncoderModel, ImageModel, VisionOptions } from './vision-options.ts';

/** The stages that own a model, opened together and closed together. */
export interface VisionStages {
  readonly detector: FaceDetector;
  /** The picture inside the detector's input. */
  readonly detectorImage: TensorImage;
  readonly mesher: FaceMesher;
  readonly encoders: readonly FaceEncoder[];
  /** Absent: the policy does without liveness. */
  readonly passive: PassiveNets | undefined;
  readonly sessions: readonly ModelSession[];
  readonly ladder: readonly RungReport[];
}

/** Time spent in the engine alone since the stages were opened, over all models. */
export const busyMs = (stages: VisionStages): number =>
  stages.sessions.reduce((sum, session) => sum + session.busyMs, 0);

export async function closeVisionStages(stages: VisionStages): Promise<void> {
  for (const session of stages.sessions) await session.close();
}

interface OpenModel {
  readonly session: ModelSession;
  readonly image: TensorImage;
}

/** @throws what `ModelSession.open` throws; sessions opened before are closed again */
export async function openVisionStages(options: VisionOptions): Promise<VisionStages> {
  const engine = loadEngine(options.engineModule);
  const sessions: ModelSession[] = [];
  try {
    return await openAll(engine, options, sessions);
  } catch (fault) {
    for (const session of sessions) await session.close();
    throw fault;
  }
}

async function openAll(
  engine: Engine,
  options: VisionOptions,
  sessions: ModelSession[],
): Promise<VisionStages> {
  const open = async (model: ImageModel): Promise<OpenModel> => {
    const opened = await openModel(engine, model, options.providers);
    sessions.push(opened.session);
    return opened;
  };
  const detector = await open(options.detector);
  const mesh = await open(options.mesh);
  const encoders: FaceEncoder[] = [];
  for (const encoder of options.encoders) encoders.push(asEncoder(await open(encoder), encoder));
  return {
    detector: new FaceDetector(detector.session, options.detector.image.widthPx, options.detection),
    detectorImage: detector.image,
    mesher: new FaceMesher(mesh.session, mesh.image),
    encoders,
    passive: await openPassive(options, open),
    sessions,
    ladder: sessions.flatMap((session) => session.ladder),
  };
}

async function openPassive(
  { liveness }: VisionOptions,
  open: (model: ImageModel) => Promise<OpenModel>,
): Promise<PassiveNets | undefined> {
  if (liveness === undefined) return undefined;
  return new PassiveNets(await open(liveness.minifas), await open(liveness.antispoof));
}

async function openModel(
  engine: Engine,
  model: ImageModel,
  providers: ProviderPolicy,
): Promise<OpenModel> {
  const session = await ModelSession.open(engine, model.session, providers);
  return { session, image: tensorImage(session.input(), model.image) };
}

function asEncoder(opened: OpenModel, encoder: EncoderModel): FaceEncoder {
  const { template, averagesFlip } = encoder;
  return new FaceEncoder({ ...opened, template, averagesFlip });
}
