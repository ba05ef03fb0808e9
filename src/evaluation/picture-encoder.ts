import type { HeadPose } from '../domain/face.ts';
import type { Embedding } from '../domain/probe.ts';
import type { NamedEmbedding } from '../vision/face-reader.ts';

/** What is kept of one picture. */
export type EncodedPicture =
  | { readonly outcome: 'encoded'; readonly embedding: Embedding; readonly pose: HeadPose }
  | { readonly outcome: 'not-acquired'; readonly reason: string };

/**
 * Turns a picture file into the embedding of its subject.
 * @throws PORTICO_IMAGE_UNREADABLE when the file is no picture
 */
export type EncodePicture = (file: string) => Promise<EncodedPicture>;

/** The embeddings of the subject by every encoder that looked. */
export type EncodedFace =
  | { readonly outcome: 'encoded'; readonly embeddings: readonly NamedEmbedding[] }
  | { readonly outcome: 'not-acquired'; readonly reason: string };

/** The same as `EncodePicture`, for several encoders in one go. */
export type EncodeFace = (file: string) => Promise<EncodedFace>;

/** Called after each picture; for a progress bar. */
export type Progress = (done: number, total: number) => void;
