import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Observation, SubjectObservation } from '../../../src/domain/observation.ts';
import { monotonicMs } from '../../../src/domain/units.ts';
import { cosineSimilarity, dot } from '../../../src/numeric/linear-algebra.ts';
import type { RgbImage } from '../../../src/numeric/sample-image.ts';
import { FrameSlots } from '../../../src/vision/frame-slots.ts';
import { PhotoAnalyser } from '../../../src/vision/photo-analyser.ts';
import { openVision, VISION_LIMITS, type Vision } from '../../../src/vision/vision-client.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { demoPhoto, frameOf, preparedVision, unprepared } from '../../helpers/prepared-vision.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';

// The one in the middle of sample3 and the one on the right of sample1 are the same person.
const enrolled = { photo: 'sample3.jpg', centre: { xPx: 1189, yPx: 381 } };
const enrolledElsewhere = { photo: 'sample1.jpg', centre: { xPx: 1567, yPx: 343 } };
const stranger = { photo: 'sample3.jpg', centre: { xPx: 690, yPx: 485 } };

async function frameWith(
  who: { readonly photo: string; readonly centre: { xPx: number; yPx: number } },
  shiftPx = 0,
): Promise<RgbImage> {
  const centre = { xPx: who.centre.xPx + shiftPx, yPx: who.centre.yPx };
  return frameOf(await demoPhoto(who.photo), centre, 0.9);
}

const wall = { rgb: new Uint8Array(640 * 480 * 3).fill(120), widthPx: 640, heightPx: 480 };

const skip = unprepared();

describe('PhotoAnalyser on the demonstration photographs', { skip }, () => {
  let analyser: PhotoAnalyser;
  before(async () => {
    analyser = await PhotoAnalyser.open(preparedVision());
  });
  after(() => analyser.close());

  const embeddingOf = async (who: typeof enrolled): Promise<Float32Array> => {
    const { face } = await analyser.analyse(await frameWith(who));
    return face!.embeddings[0]!.embedding;
  };

  it('gives unit vectors that are alike for one person and not for two', async () => {
    const template = await embeddingOf(enrolled);
    assert.ok(Math.abs(dot(template, template) - 1) < 1e-5);
    const mated = cosineSimilarity(template, await embeddingOf(enrolledElsewhere));
    const nonMated = cosineSimilarity(template, await embeddingOf(stranger));
    assert.ok(mated > 0.55, `mated ${mated}`);
    assert.ok(nonMated < 0.4, `non-mated ${nonMated}`);
  });

  it('finds nobody in a picture without a face', async () => {
    assert.deepEqual(await analyser.analyse(wall), { faceCount: 0, face: undefined });
  });

  it('reads the same face alike at any size of the photograph', async () => {
    const photo = await demoPhoto(enrolled.photo);
    const near = await analyser.analyse(frameOf(photo, enrolled.centre, 1.5));
    const far = await analyser.analyse(frameOf(photo, enrolled.centre, 0.6));
    const alike = cosineSimilarity(
      near.face!.embeddings[0]!.embedding,
      far.face!.embeddings[0]!.embedding,
    );
    assert.ok(alike > 0.85, `similarity ${alike}`);
  });
});

for (const detectEvery of [1, 4]) {
  describe(`the vision worker, detecting in every ${detectEvery}. frame`, { skip }, () => {
    observeWith(detectEvery);
  });
}

function observeWith(detectEvery: number): void {
  const slots = new FrameSlots({ widthPx: 640, heightPx: 480 });
  const logger = new RecordingLogger();
  let vision: Vision;
  let arrived: (observation: Observation) => void = () => undefined;
  let nowMs = 1_000;

  before(async () => {
    const options = { ...preparedVision(), detectEvery };
    vision = await openVision(options, {
      slots,
      logger,
      clock: new FakeClock(),
      limits: VISION_LIMITS,
      listener: {
        onObservation: (observation) => arrived(observation),
        onFault: (_reason, fault) => assert.fail(fault),
        onReady: (ladder) => assert.ok(ladder.some(({ outcome }) => outcome === 'in-use')),
      },
    });
  });
  after(() => vision.close());

  const observe = (frame: RgbImage): Promise<Observation> => {
    const observation = new Promise<Observation>((resolve) => {
      arrived = resolve;
    });
    nowMs += 66;
    slots.beginFrame().set(frame.rgb);
    slots.commitFrame(monotonicMs(nowMs));
    return observation;
  };
  const subjectIn = async (frame: RgbImage): Promise<SubjectObservation> => {
    const { subject } = await observe(frame);
    assert.ok(subject !== undefined);
    return subject;
  };

  it('observes the subject of a frame with a probe and its timings', async () => {
    const { sequence, capturedAtMs, timings, subject, faceCount } = await observe(
      await frameWith(enrolled),
    );
    assert.equal(sequence, 1);
    assert.equal(capturedAtMs, nowMs);
    assert.ok(faceCount >= 1);
    assert.equal(subject?.quality.outcome, 'acceptable');
    assert.equal(subject.probes[0]?.modelId, 'mobilefacenet-512');
    assert.equal(subject.probes[0].embedding.length, 512);
    assert.equal(subject.probes[0].capturedAtMs, nowMs);
    assert.deepEqual(subject.liveness, { outcome: 'not-assessed' });
    assert.ok((timings.total ?? 0) >= (timings.models ?? Number.POSITIVE_INFINITY));
  });

  it('keeps one track while the person moves a little', async () => {
    const first = await subjectIn(await frameWith(enrolled));
    for (const shiftPx of [4, 8, 12, 16]) {
      const next = await subjectIn(await frameWith(enrolled, shiftPx));
      assert.equal(next.trackId, first.trackId);
    }
  });

  it('begins another track when another person stands in the same place in the next frame', async () => {
    const first = await subjectIn(await frameWith(enrolled));
    const swapped = await subjectIn(await frameWith(stranger));
    assert.notEqual(swapped.trackId, first.trackId);
  });

  it('ends the track when a frame shows nobody', async () => {
    const first = await subjectIn(await frameWith(enrolled));
    const empty = await observe(wall);
    assert.equal(empty.subject, undefined);
    assert.equal(empty.faceCount, 0);
    assert.notEqual((await subjectIn(await frameWith(enrolled))).trackId, first.trackId);
  });

  it('gives no probe of a frame that is too dark, and says why', async () => {
    const bright = await frameWith(enrolled);
    const dark = { ...bright, rgb: bright.rgb.map((value) => value / 6) };
    const { quality, probes } = await subjectIn(dark);
    assert.deepEqual(quality.outcome === 'refused' && quality.faults[0], 'too-dark');
    assert.deepEqual(probes, []);
  });

  it('sees a rival in a second face of the same size', async () => {
    const photo = await demoPhoto('sample3.jpg');
    const { hasRival, faceCount } = await observe(frameOf(photo, { xPx: 960, yPx: 430 }, 0.5));
    assert.ok(faceCount >= 2);
    assert.ok(hasRival);
  });

  it('asks the detector as soon as the face it follows is gone', async () => {
    await subjectIn(await frameWith(enrolled));
    const still = await observe(await frameWith(enrolled, 2));
    assert.equal(still.timings.detect === undefined, detectEvery > 1);
    const left = await observe(wall);
    assert.ok(left.timings.detect !== undefined);
  });
}

describe('openVision', { skip }, () => {
  it('fails with the name of the model that is missing', async () => {
    const options = preparedVision();
    const session = { ...options.mesh.session, path: '/nowhere/facemesh.onnx' };
    const opening = openVision(
      { ...options, mesh: { ...options.mesh, session } },
      {
        slots: new FrameSlots({ widthPx: 64, heightPx: 48 }),
        logger: new RecordingLogger(),
        clock: new FakeClock(),
        limits: VISION_LIMITS,
        listener: {
          onObservation: () => undefined,
          onFault: () => undefined,
          onReady: () => undefined,
        },
      },
    );
    await assert.rejects(opening, { code: 'PORTICO_MODEL_MISSING', message: /facemesh/ });
  });

  it('closes in the middle of a frame without taking the process along', async () => {
    const slots = new FrameSlots({ widthPx: 640, heightPx: 480 });
    for (let round = 0; round < 3; round += 1) {
      const vision = await openVision(preparedVision(), {
        slots,
        logger: new RecordingLogger(),
        clock: new FakeClock(),
        limits: VISION_LIMITS,
        listener: {
          onObservation: () => undefined,
          onFault: (_reason, fault) => assert.fail(fault),
          onReady: () => undefined,
        },
      });
      slots.beginFrame().set(wall.rgb);
      slots.commitFrame(monotonicMs(1_000 + round));
      await vision.close();
    }
  });
});
