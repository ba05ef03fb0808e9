import type { Config } from '../config/schema.ts';
import { partsOfEncoderId } from '../domain/encoder-fusion.ts';
import { photoEncoder } from '../evaluation/photo-encoder.ts';
import type { Progress } from '../evaluation/picture-encoder.ts';
import type { PhotoAnalyser } from '../vision/photo-analyser.ts';
import { withAnalyser } from './read-faces.ts';
import type { Session } from './session.ts';

/**
 * Opens the photo pipeline with one encoder, the configured one unless named, for a measurement. The name
 * of a fusion opens its parts, and fuses them with the weights of its calibration.
 */
export async function withEncoder<T>(
  session: Session,
  encoder: string | undefined,
  work: (analyser: PhotoAnalyser, encoderId: string, config: Config) => Promise<T>,
): Promise<T> {
  const encoderId = encoder ?? session.config().models.encoders[0] ?? '';
  const encoders = partsOfEncoderId(encoderId);
  const fuseEncoders = encoders.length > 1 ? 'when-in-time' : 'off';
  const config = session.config({ models: { encoders }, policy: { fuseEncoders } });
  return withAnalyser(session, config, (analyser) => work(analyser, encoderId, config));
}

/** What every measurement that encodes pictures is given. */
export const encoding = (session: Session, analyser: PhotoAnalyser, encoderId: string) => ({
  encoderId,
  encodePicture: photoEncoder(analyser, encoderId),
  onProgress: encodingProgress(session),
  signal: session.signal,
});

export function encodingProgress(session: Session): Progress {
  return (done, total) =>
    session.terminal.bar('encoding pictures', done / total, `${done} of ${total}`);
}
