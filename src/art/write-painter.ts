import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DESCRIPTION_FILE,
  type PainterDescription,
  WEIGHTS_FILE,
} from '../inference/painter-file.ts';
import { encodePainter, type PainterModel } from './painter-model.ts';
import { writeAtomically } from './sealed-file.ts';

/** What cannot be read off the weights. */
export type PainterStory = Pick<PainterDescription, 'description' | 'licence' | 'training'>;

/** Writes `painter.onnx`, then the `painter.json` that states its digest. */
export async function writePainter(
  folder: string,
  model: PainterModel,
  { description, licence, training }: PainterStory,
): Promise<void> {
  const { channels, blocks } = model.design;
  const onnx = encodePainter(model);
  const sha256 = createHash('sha256').update(onnx).digest('hex');
  const text: PainterDescription = {
    schemaVersion: 1,
    description,
    licence,
    weights: { sha256, bytes: onnx.length },
    design: { channels: [...channels], blocks },
    styles: [...model.styles],
    training,
  };
  await mkdir(folder, { recursive: true });
  await writeAtomically(join(folder, WEIGHTS_FILE), onnx);
  await writeAtomically(
    join(folder, DESCRIPTION_FILE),
    Buffer.from(`${JSON.stringify(text, null, 2)}\n`),
  );
}
