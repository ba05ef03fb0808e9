import type { Config } from '../config/schema.ts';
import { ModelError } from '../domain/errors.ts';
import { cosineSimilarity } from '../numeric/linear-algebra.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { encoderIds } from '../runtime/encoder-ids.ts';
import { modelsNeededBy } from '../runtime/needed-models.ts';
import { gateVision } from '../runtime/vision-from-config.ts';
import { PhotoAnalyser } from '../vision/photo-analyser.ts';
import { ensureModels } from './ensure-models.ts';
import type { Session } from './session.ts';

export interface ModelProof {
  /** Of two pictures of one person, and what they must reach to count as one. */
  readonly similarity: number;
  readonly threshold: number;
}

/**
 * Prepares everything that a gate with this configuration needs, opens it on its provider, and has it know a
 * person again from one photograph: as far as models can be tried without a door.
 * @throws PORTICO_MODEL_*, PORTICO_CONFIG_INVALID
 */
export async function proveModels(session: Session, config: Config): Promise<ModelProof> {
  const { composition } = session;
  await ensureModels(session, config, [...modelsNeededBy(config), 'demo-photos']);
  const policy = composition.policyOf(config);
  const options = gateVision(config, composition.catalogue(config), composition.modelsDir(config));
  const stage = await composition.openDemoStage(config);
  const analyser = await PhotoAnalyser.open(options);
  try {
    const [encoderId] = encoderIds(config);
    const threshold = policy.thresholdOf(encoderId, policy.rules.targetClaimFpr, 1);
    if (threshold.outcome === 'missing') throw unproved(threshold.because);
    const { widthPx, heightPx } = config.camera;
    const [rgb = new Uint8Array()] = stage.drawAtDoor(1);
    const enrolled = await embeddingIn(analyser, stage.enrolmentPhoto, encoderId);
    const seen = await embeddingIn(analyser, { rgb, widthPx, heightPx }, encoderId);
    const similarity = cosineSimilarity(enrolled, seen);
    if (similarity < threshold.threshold) {
      throw unproved(`one person reaches ${similarity.toFixed(3)} of ${threshold.threshold}`);
    }
    return { similarity, threshold: threshold.threshold };
  } finally {
    await analyser.close();
  }
}

async function embeddingIn(
  analyser: PhotoAnalyser,
  picture: RgbImage,
  encoderId: string,
): Promise<Float32Array> {
  const { face } = await analyser.analyse(picture);
  const found = face?.embeddings.find(({ modelId }) => modelId === encoderId);
  if (found !== undefined) return found.embedding;
  throw unproved('no face is found where one is');
}

const unproved = (what: string): ModelError =>
  new ModelError('PORTICO_MODEL_RUN', {
    message: `the models do not prove themselves: ${what}`,
    remedy: 'Keep the models in force; the manifest, its crop or its colours may be wrong.',
  });
