import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelError } from '../domain/errors.ts';
import { type ModelManifest, type NetworkManifest, parseManifest } from './manifest.ts';
import { type CachedFile, cachedFiles } from './model-paths.ts';

export interface CatalogueOptions {
  /** Holds one folder per model, each with a manifest.json. */
  readonly modelsDir: string;
  /** Where `portico models prepare` puts what it made. */
  readonly cacheDir: string;
}

export interface ResolvedNetwork {
  readonly manifest: NetworkManifest;
  /** A file whose digest has just been checked. */
  readonly onnxPath: string;
}

export interface Catalogue {
  /** Every id that has a manifest, sorted. */
  ids(): readonly string[];
  /** @throws PORTICO_MODEL_MANIFEST when there is none, or it is wrong */
  manifest(id: string): ModelManifest;
  /**
   * @throws PORTICO_MODEL_MISSING when the model is not prepared
   * @throws PORTICO_MODEL_INTEGRITY when the prepared file is not the one the manifest names
   */
  resolve(id: string): ResolvedNetwork;
  /** The checked files of a set of pictures; throws as {@link resolve} does. */
  pictures(id: string): readonly CachedFile[];
}

/** Reads manifests when they are asked for, and files once per call. */
export function openCatalogue({ modelsDir, cacheDir }: CatalogueOptions): Catalogue {
  const manifest = (id: string) => readManifest(modelsDir, id);
  return {
    ids: () => manifestIds(modelsDir),
    manifest,
    resolve(id) {
      const found = manifest(id);
      if (found.kind !== 'network') return wrongKind(id, 'pictures, not a network');
      const [file] = checked(found, cacheDir);
      return { manifest: found, onnxPath: file?.path ?? missing(id, cacheDir) };
    },
    pictures(id) {
      const found = manifest(id);
      return found.kind === 'pictures'
        ? checked(found, cacheDir)
        : wrongKind(id, 'a network, not pictures');
    },
  };
}

/** The folders of `modelsDir` that hold a manifest, sorted. */
export function manifestIds(modelsDir: string): readonly string[] {
  if (!existsSync(modelsDir)) return [];
  return readdirSync(modelsDir)
    .filter((id) => existsSync(join(modelsDir, id, 'manifest.json')))
    .sort();
}

/** @throws PORTICO_MODEL_MANIFEST when there is none, it is wrong, or it names another model */
export function readManifest(modelsDir: string, id: string): ModelManifest {
  const file = join(modelsDir, id, 'manifest.json');
  if (!existsSync(file)) return wrongManifest(id, `${file} does not exist`);
  const manifest = parseManifest(readFileSync(file, 'utf8'), file);
  return manifest.id === id ? manifest : wrongManifest(id, `${file} calls itself "${manifest.id}"`);
}

function checked(manifest: ModelManifest, cacheDir: string): readonly CachedFile[] {
  const files = cachedFiles(cacheDir, manifest);
  for (const file of files) {
    if (!existsSync(file.path)) return missing(manifest.id, file.path);
    const sha256 = createHash('sha256').update(readFileSync(file.path)).digest('hex');
    if (sha256 !== file.sha256) return damaged(manifest.id, file, sha256);
  }
  return files;
}

function missing(id: string, path: string): never {
  throw new ModelError('PORTICO_MODEL_MISSING', {
    message: `model "${id}" is not prepared: ${path} does not exist`,
    remedy: `Run: portico models prepare ${id}`,
    context: { model: id, file: path },
  });
}

function damaged(id: string, file: CachedFile, sha256: string): never {
  throw new ModelError('PORTICO_MODEL_INTEGRITY', {
    message: `model "${id}": ${file.path} has SHA-256 ${sha256}, the manifest says ${file.sha256}`,
    remedy: `Run: portico models prepare ${id} (it replaces the damaged file)`,
    context: { model: id, file: file.path },
  });
}

function wrongKind(id: string, what: string): never {
  throw new ModelError('PORTICO_MODEL_MANIFEST', {
    message: `"${id}" is ${what}`,
    remedy: 'Name another model in the configuration.',
    context: { model: id },
  });
}

function wrongManifest(id: string, what: string): never {
  throw new ModelError('PORTICO_MODEL_MANIFEST', {
    message: `no usable manifest for model "${id}": ${what}`,
    remedy: 'Name a model that `portico models ls` shows, or add its manifest.',
    context: { model: id },
  });
}
