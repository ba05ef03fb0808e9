import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { PorticoError } from '../../../src/domain/errors.ts';
import { type AnalysesPhotos, photoEncoder } from '../../../src/evaluation/photo-encoder.ts';

const face = (embedding: Float32Array) => ({
  box: { xPx: 0, yPx: 0, widthPx: 1, heightPx: 1 },
  landmarks: [0, 1, 2, 3, 4].map((at) => ({ xPx: at, yPx: at })) as never,
  pose: { yawDeg: 12, pitchDeg: 0, rollDeg: 0 },
  confidence: 1,
  quality: { outcome: 'acceptable', metrics: {} } as never,
  embeddings: [{ modelId: 'one', embedding }],
});

describe('photoEncoder', () => {
  let folder = '';
  let file = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-photo-'));
    file = join(folder, 'grey.png');
    await sharp({ create: { width: 4, height: 3, channels: 3, background: '#808080' } }).toFile(
      file,
    );
  });
  after(() => rm(folder, { recursive: true }));

  const seeing = (embedding: Float32Array | undefined): AnalysesPhotos => ({
    analyse: async ({ widthPx, heightPx }) => {
      assert.deepEqual([widthPx, heightPx], [4, 3]);
      return embedding === undefined
        ? { faceCount: 0, face: undefined }
        : { faceCount: 1, face: face(embedding) };
    },
  });

  it('hands over the embedding of the encoder that was asked for, and the pose', async () => {
    const embedding = Float32Array.of(1, 0);
    const picture = await photoEncoder(seeing(embedding), 'one')(file);
    assert.deepEqual(picture, { outcome: 'encoded', embedding, pose: face(embedding).pose });
  });

  it('calls a photograph without a face a failure to acquire', async () => {
    const picture = await photoEncoder(seeing(undefined), 'one')(file);
    assert.equal(picture.outcome, 'not-acquired');
  });

  it('refuses an encoder that was not opened', async () => {
    await assert.rejects(
      photoEncoder(seeing(Float32Array.of(1, 0)), 'two')(file),
      (error: unknown) => error instanceof PorticoError && error.message.includes('two'),
    );
  });

  it('does not take a file that is no picture for a failure to acquire', async () => {
    await assert.rejects(
      photoEncoder(seeing(undefined), 'one')(join(folder, 'no.jpg')),
      (error) => {
        return error instanceof PorticoError && error.code === 'PORTICO_IMAGE_UNREADABLE';
      },
    );
  });
});
