import { systemClock } from '../../device/index.ts';
import type { LivingSceneName, LivingStage } from '../cli/composition.ts';
import type { Config } from '../config/schema.ts';
import { ModelError } from '../domain/errors.ts';
import type { Catalogue } from '../inference/catalogue.ts';
import { seededRandom } from '../numeric/random.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { photoVision } from '../runtime/vision-from-config.ts';
import { makeScene } from '../synthesis/make-scene.ts';
import { makePlate, type Portrait } from '../synthesis/portrait.ts';
import { PromptedHead } from '../synthesis/prompted-head.ts';
import { Room } from '../synthesis/room.ts';
import type { Scene } from '../synthesis/scene.ts';
import { portraitsIn } from '../vision/portraits-in.ts';
import { closeVisionStages, openVisionStages, type VisionStages } from '../vision/vision-stages.ts';
import { demoPortrait } from './demo-stage.ts';
import { LivingCamera } from './living-camera.ts';

/** Every demonstration draws the same head, hand and room. */
const SEEDS = { 'badge-photo': 1, resident: 4, empty: 1 } as const;
/** Blinks are drawn for so long. */
const DURATION_MS = 120_000;

/**
 * The demonstration with liveness: the resident as a generated living head that reads the page, and the
 * photograph she was enrolled from, printed, in somebody's hand.
 * @throws PORTICO_MODEL_* for pictures or models that are not prepared
 */
export async function openLivingStage(
  config: Config,
  catalogue: Catalogue,
  modelsDir: string,
): Promise<LivingStage> {
  const enrolmentPhoto = await demoPortrait(catalogue, 'enrolled');
  const stages = await openVisionStages(photoVision(config, catalogue, modelsDir));
  let badge: Portrait;
  let resident: Portrait;
  try {
    badge = await meshed(stages, enrolmentPhoto);
    resident = await meshed(stages, await demoPortrait(catalogue, 'resident'));
  } finally {
    await closeVisionStages(stages);
  }
  const size = { widthPx: config.camera.widthPx, heightPx: config.camera.heightPx };
  const room = new Room(
    makePlate(resident, size, 0.16 * size.heightPx),
    size,
    seededRandom(SEEDS.empty),
  );
  const empty: Scene = {
    screen: undefined,
    showsPicture: false,
    paint: (canvas) => {
      room.paint(canvas, { x: 0, y: 0 });
      return resident.mesh;
    },
  };
  let acting = new PromptedHead();
  const sceneOf = (name: LivingSceneName): Scene => {
    acting = new PromptedHead();
    const view = { size, durationMs: DURATION_MS };
    switch (name) {
      case 'empty':
        return empty;
      case 'badge-photo':
        return makeScene(
          { ...view, portrait: badge, species: 'print' },
          seededRandom(SEEDS['badge-photo']),
        );
      case 'resident':
        return makeScene(
          { ...view, portrait: resident, species: 'bona-fide', acting },
          seededRandom(SEEDS.resident),
        );
    }
  };
  const camera = new LivingCamera(size, systemClock, empty);
  return {
    camera,
    enrolmentPhoto,
    play: (name) => camera.play(sceneOf(name)),
    prompt: (action) => acting.do(action, camera.seconds),
  };
}

async function meshed(stages: VisionStages, image: RgbImage): Promise<Portrait> {
  const [mesh] = await portraitsIn(stages, image, 0);
  if (mesh !== undefined) return { image, mesh: mesh.points };
  throw new ModelError('PORTICO_MODEL_MISSING', {
    message: "the demonstration's photograph shows no face",
    remedy: 'Run `portico models prepare demo-photos`.',
  });
}
