import { join } from 'node:path';
import { manifestIds, readManifest } from '../../src/inference/catalogue.ts';
import type { ModelManifest, NetworkManifest } from '../../src/inference/manifest.ts';
import { cachedFiles } from '../../src/inference/model-paths.ts';
import { checkSignature } from './check-signature.ts';
import { convertSource, type SourceFiles } from './convert-source.ts';
import { sha256Of, sha256OfFile } from './digests.ts';
import { Downloads } from './downloads.ts';
import { fetchSource, tarballKey } from './fetch-source.ts';
import { integrityFault } from './model-faults.ts';
import { type NpmClient, systemNpm } from './npm-client.ts';
import type { PrepareProgress, PrepareStep } from './prepare-progress.ts';
import { storeFile } from './store-file.ts';

export interface PrepareOptions {
  /** Which models; all that have a manifest when absent. */
  readonly ids?: readonly string[];
  readonly modelsDir: string;
  readonly cacheDir: string;
  readonly onProgress?: (progress: PrepareProgress) => void;
  readonly signal?: AbortSignal;
  /** Stands in for the npm of this machine in tests. */
  readonly npm?: NpmClient;
}

export interface PreparedSummary {
  readonly id: string;
  /** `already-prepared` means that the network was not touched. */
  readonly outcome: 'already-prepared' | 'prepared';
  /** Paths in the cache. */
  readonly files: readonly string[];
}

/**
 * Fetches, checks, converts and stores models, one after the other. What is finished stays when
 * a run is cut; a second run does only what is missing, and nothing when nothing is.
 * @throws ModelError with a code for what went wrong and the file it went wrong with
 */
export async function prepareModels(options: PrepareOptions): Promise<readonly PreparedSummary[]> {
  const { modelsDir, cacheDir, signal, npm = systemNpm } = options;
  const ids = options.ids ?? manifestIds(modelsDir);
  const manifests = ids.map((id) => readManifest(modelsDir, id));
  const downloads = new Downloads(cacheDir);
  const summaries: PreparedSummary[] = [];
  for (const [index, manifest] of manifests.entries()) {
    signal?.throwIfAborted();
    const { id } = manifest;
    const report = (step: PrepareStep) =>
      options.onProgress?.({ id, position: index + 1, count: ids.length, ...step });
    report({ step: 'check' });
    const files = cachedFiles(cacheDir, manifest).map(({ path }) => path);
    const already = await isPrepared(cacheDir, manifest);
    if (!already) {
      const source = await fetchSource(manifest, {
        manifestDir: join(modelsDir, id),
        downloads,
        npm,
        report,
        ...(signal === undefined ? {} : { signal }),
      });
      await storeModel(manifest, source, cacheDir, report);
    }
    const outcome = already ? 'already-prepared' : 'prepared';
    report({ step: 'ready', outcome });
    summaries.push({ id, outcome, files });
  }
  await forgetTarballs(manifests, downloads);
  return summaries;
}

async function storeModel(
  manifest: ModelManifest,
  source: SourceFiles,
  cacheDir: string,
  report: (step: PrepareStep) => void,
): Promise<void> {
  if (manifest.kind === 'network') report({ step: 'convert' });
  const prepared: SourceFiles =
    manifest.kind === 'network'
      ? new Map([['model.onnx', convertChecked(manifest, source)]])
      : source;
  report({ step: 'store' });
  for (const { path, content } of cachedFiles(cacheDir, manifest)) {
    const bytes = prepared.get(content);
    if (bytes !== undefined) await storeFile(path, bytes);
  }
}

function convertChecked(manifest: NetworkManifest, source: SourceFiles): Uint8Array {
  const onnx = convertSource(manifest, source);
  checkSignature(manifest, onnx);
  const sha256 = sha256Of(onnx);
  if (sha256 !== manifest.prepared.sha256) {
    return integrityFault({
      file: manifest.id,
      what: `was converted to SHA-256 ${sha256}, the manifest says ${manifest.prepared.sha256}`,
    });
  }
  return onnx;
}

async function isPrepared(cacheDir: string, manifest: ModelManifest): Promise<boolean> {
  for (const { path, sha256 } of cachedFiles(cacheDir, manifest)) {
    if ((await sha256OfFile(path)) !== sha256) return false;
  }
  return true;
}

/** Tarballs are kept through a run, and through a cut one for the next; then they only take room. */
async function forgetTarballs(manifests: readonly ModelManifest[], downloads: Downloads) {
  for (const { source } of manifests) {
    if (source.type === 'npm') await downloads.release(tarballKey(source));
  }
}
