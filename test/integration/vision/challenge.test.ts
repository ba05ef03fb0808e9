import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ChallengeAction, ChallengeReport } from '../../../src/domain/challenge.ts';
import { challengeOf, type LivenessAssessment } from '../../../src/domain/liveness.ts';
import {
  livenessFusionPath,
  readLivenessFusion,
} from '../../../src/inference/liveness-fusion-file.ts';
import { generateClip } from '../../../src/synthesis/clip.ts';
import type { Portrait } from '../../../src/synthesis/portrait.ts';
import { PromptedHead } from '../../../src/synthesis/prompted-head.ts';
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
import { modelsDir, preparedCatalogue, unprepared } from '../../helpers/prepared-vision.ts';

const ACTIONS = ['turn-left', 'come-closer', 'turn-right'] as const;
const FRAMES_PER_SECOND = 10;
const ASK_AT_FRAME = 25;

interface Course {
  readonly asked: readonly ChallengeAction[];
  readonly report: ChallengeReport | undefined;
  readonly liveness: LivenessAssessment;
}

describe('a challenge before the real models', { skip: unprepared() }, () => {
  let options: VisionOptions;
  let stages: VisionStages;
  let portrait: Portrait;
  before(async () => {
    options = assembleOptions(preparedCatalogue(), {
      encoders: ['mobilefacenet-512'],
      providers: { ladder: ['cpu'], minimum: 'cpu', threads: 2 },
      livenessFusion: readLivenessFusion(livenessFusionPath(modelsDir)),
    });
    stages = await openVisionStages(options);
    portrait = await demoPortrait(stages, 'sample1.jpg', { xPx: 1575, yPx: 345 });
  });
  after(() => closeVisionStages(stages));

  /** What is asked of whoever the clip shows, who does as asked if alive, and what comes of it. */
  async function ask(species: Species): Promise<Course> {
    const pipeline = new VisionPipeline(stages, options, () => 0);
    const acting = new PromptedHead();
    const asked: ChallengeAction[] = [];
    const clip = generateClip({
      portrait,
      species,
      acting,
      seed: 5,
      size: { widthPx: 640, heightPx: 480 },
      framesPerSecond: FRAMES_PER_SECOND,
      durationMs: 12_000,
    });
    let liveness: LivenessAssessment = { outcome: 'not-assessed' };
    let report: ChallengeReport | undefined;
    for (let index = 0; index < clip.frameCount; index += 1) {
      const { subject } = await pipeline.observe(clip.frame(index));
      assert.ok(subject !== undefined, `no face in frame ${index}`);
      liveness = subject.liveness;
      report = challengeOf(liveness);
      if (index === ASK_AT_FRAME) {
        pipeline.ask({ orderId: 1, trackId: subject.trackId, actions: ACTIONS });
      }
      if (report?.phase === 'asking' && report.done === asked.length) {
        asked.push(report.action);
        acting.do(report.action, index / FRAMES_PER_SECOND);
      }
      if (report?.phase === 'passed' || report?.phase === 'failed') break;
    }
    return { asked, report, liveness };
  }

  it('is passed by a person who does as asked, and they are found alive', async () => {
    const { asked, report, liveness } = await ask('bona-fide');
    assert.deepEqual(asked, ACTIONS);
    assert.equal(report?.phase, 'passed');
    assert.equal(liveness.outcome, 'bona-fide');
  });

  for (const species of ['print', 'tablet-replay'] as const) {
    it(`is not passed by a ${species}`, async () => {
      const { report, liveness } = await ask(species);
      assert.ok(liveness.outcome === 'attack' || report?.phase === 'failed');
      assert.notEqual(liveness.outcome, 'bona-fide');
    });
  }
});
