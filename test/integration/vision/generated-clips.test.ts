import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SubjectObservation } from '../../../src/domain/observation.ts';
import {
  livenessFusionPath,
  readLivenessFusion,
} from '../../../src/inference/liveness-fusion-file.ts';
import { generateClip } from '../../../src/synthesis/clip.ts';
import type { Portrait } from '../../../src/synthesis/portrait.ts';
import type { Species } from '../../../src/synthesis/species.ts';
import { assembleOptions } from '../../../src/vision/assemble-options.ts';
import type { VisionOptions } from '../../../src/vision/vision-options.ts';
import { VisionPipeline } from '../../../src/vision/vision-pipeline.ts';
import {
  closeVisionStages,
  openVisionStages,
  type VisionStages,
} from '../../../src/vision/vision-stages.ts';
import { demoPortrait } from '../../helpers/demo-portraits.ts';
import { preparedCatalogue, unprepared } from '../../helpers/prepared-vision.ts';

const modelsDir = fileURLToPath(new URL('../../../../models', import.meta.url));

describe('the vision pipeline on generated clips', { skip: unprepared() }, () => {
  let options: VisionOptions;
  let stages: VisionStages;
  let portrait: Portrait;
  let attacker: Portrait;
  before(async () => {
    options = assembleOptions(preparedCatalogue(), {
      encoders: ['mobilefacenet-512'],
      providers: { ladder: ['cpu'], minimum: 'cpu', threads: 2 },
      livenessFusion: readLivenessFusion(livenessFusionPath(modelsDir)),
    });
    stages = await openVisionStages(options);
    portrait = await demoPortrait(stages, 'sample3.jpg', { xPx: 1189, yPx: 381 });
    attacker = await demoPortrait(stages, 'sample3.jpg', { xPx: 690, yPx: 485 });
  });
  after(() => closeVisionStages(stages));

  async function subjectsOf(species: Species): Promise<readonly SubjectObservation[]> {
    const size = { widthPx: 640, heightPx: 480 };
    const pipeline = new VisionPipeline(stages, options, () => 0);
    const subjects: SubjectObservation[] = [];
    const clip = generateClip({
      portrait,
      attacker,
      species,
      seed: 8,
      size,
      framesPerSecond: 10,
      durationMs: 4_000,
    });
    for (const frame of clip.frames()) {
      const { subject } = await pipeline.observe(frame);
      assert.ok(subject !== undefined, `no face in frame ${frame.sequence}`);
      subjects.push(subject);
    }
    return subjects;
  }

  it('follows a living person on one track, and never calls them an attack', async () => {
    const subjects = await subjectsOf('bona-fide');
    assert.equal(new Set(subjects.map(({ trackId }) => trackId)).size, 1);
    assert.ok(subjects.every(({ liveness }) => liveness.outcome !== 'attack'));
  });

  it('begins anew when a picture is slid before the face: what was known of the person is not lent to it', async () => {
    const subjects = await subjectsOf('slid-in-print');
    const [first] = subjects;
    const next = subjects.find(({ trackId }) => trackId !== first?.trackId);
    assert.ok(next !== undefined);
    assert.equal(next.liveness.outcome, 'undecided');
    assert.notEqual(subjects.at(-1)?.trackId, first?.trackId);
  });
});
