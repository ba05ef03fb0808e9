import { manifestIds, readManifest } from '../../src/inference/catalogue.ts';
import type { ModelManifest } from '../../src/inference/manifest.ts';
import { cachedFiles } from '../../src/inference/model-paths.ts';
import { sha256OfFile } from './digests.ts';

export interface ModelFolders {
  readonly modelsDir: string;
  readonly cacheDir: string;
}

export interface ListedModel {
  readonly id: string;
  readonly kind: ModelManifest['kind'];
  readonly description: string;
  readonly licence: ModelManifest['licence'];
  /** `name@version`, a URL or a path. */
  readonly source: string;
  /** damaged: a file is there, but it is not the one the manifest names. */
  readonly state: 'prepared' | 'missing' | 'damaged';
}

/**
 * Every model that has a manifest, and whether its files are in the cache and intact.
 * @throws PORTICO_MODEL_MANIFEST when a manifest is wrong
 */
export async function listModels(folders: ModelFolders): Promise<readonly ListedModel[]> {
  return verifyModels({ ...folders, ids: manifestIds(folders.modelsDir) });
}

/** {@link listModels} for the named models; reads every byte of their files. */
export async function verifyModels({
  modelsDir,
  cacheDir,
  ids = manifestIds(modelsDir),
}: ModelFolders & { readonly ids?: readonly string[] }): Promise<readonly ListedModel[]> {
  const listed: ListedModel[] = [];
  for (const id of ids) {
    const manifest = readManifest(modelsDir, id);
    const { kind, description, licence } = manifest;
    const source = describeSource(manifest);
    const state = await stateOf(cacheDir, manifest);
    listed.push({ id, kind, description, licence, source, state });
  }
  return listed;
}

function describeSource({ source }: ModelManifest): string {
  switch (source.type) {
    case 'npm':
      return `${source.package}@${source.version}`;
    case 'https':
      return source.files.map(({ url }) => url).join(' ');
    case 'file':
      return source.files.map(({ path }) => path).join(' ');
  }
}

async function stateOf(cacheDir: string, manifest: ModelManifest): Promise<ListedModel['state']> {
  const found = await Promise.all(
    cachedFiles(cacheDir, manifest).map(async ({ path, sha256 }) => {
      const digest = await sha256OfFile(path);
      if (digest === undefined) return 'missing' as const;
      return digest === sha256 ? ('prepared' as const) : ('damaged' as const);
    }),
  );
  if (found.includes('damaged')) return 'damaged';
  return found.includes('missing') ? 'missing' : 'prepared';
}
