import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkManifest } from '../inference/manifest.ts';

const WEIGHTS = 'model.onnx';
/** Of the digest, in the id. */
const DIGITS = 8;

export interface SiteModel {
  readonly id: string;
  /** What it was made from. */
  readonly base: NetworkManifest;
  readonly onnx: Uint8Array;
}

/**
 * An id of its own for every adaptation: templates belong to one head, and a second adaptation
 * must not be compared with those of the first.
 */
export const siteModelId = (encoder: string, onnx: Uint8Array): string =>
  `${encoder}-site-${sha256Of(onnx).slice(0, DIGITS)}`;

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Puts a model of this site beside the shipped ones: a folder of manifests that `models.directory` can name.
 * @param folder   made if it is not there
 * @param shipped  whose manifests are copied, so that the folder is complete
 */
export function addSiteModel(folder: string, shipped: string, { id, base, onnx }: SiteModel): void {
  mkdirSync(folder, { recursive: true });
  if (folder !== shipped) {
    cpSync(shipped, folder, { recursive: true, filter: (path) => !path.endsWith('.ts') });
  }
  const sha256 = sha256Of(onnx);
  const manifest: NetworkManifest = {
    ...base,
    id,
    description: `${base.description} Adapted to this site.`,
    source: { type: 'file', files: [{ path: WEIGHTS, sha256 }] },
    conversion: { converter: 'none', opset: 18 },
    prepared: { sha256, bytes: onnx.byteLength },
  };
  // Made beside, then renamed: a folder with that name is a whole one.
  const [final, draft] = [join(folder, id), join(folder, `.${id}.new`)];
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft);
  writeFileSync(join(draft, WEIGHTS), onnx);
  writeFileSync(join(draft, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  rmSync(final, { recursive: true, force: true });
  renameSync(draft, final);
}

export function removeSiteModel(folder: string, id: string): void {
  rmSync(join(folder, id), { recursive: true, force: true });
}
