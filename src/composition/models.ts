import { listModels as listPrepared } from '../../models/prepare/list-models.ts';
import { prepareModels as prepare } from '../../models/prepare/prepare-models.ts';
import type { ModelState, PreparedModel, PrepareRequest } from '../cli/composition.ts';

export interface ModelFolders {
  readonly modelsDir: string;
  readonly cacheDir: string;
}

export function prepareModels(
  folders: ModelFolders,
  request: PrepareRequest,
): Promise<readonly PreparedModel[]> {
  return prepare({ ...folders, ...request });
}

export async function listModels(folders: ModelFolders): Promise<readonly ModelState[]> {
  const listed = await listPrepared(folders);
  return listed.map(({ id, description, source, state, licence }) => ({
    id,
    description,
    source,
    state,
    licence: `${licence.package} (weights: ${licence.weights})`,
  }));
}
