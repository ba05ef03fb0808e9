import type { ModelSet, ModelSets } from '../inference/model-sets.ts';
import { runApart } from './run-apart.ts';

/**
 * Has a set of models prepared and proved in a process of its own, beside those in force, and puts it on
 * trial from the next start on.
 * @returns false when it did not prove itself; nothing has changed then
 */
export async function adoptModels(
  session: Parameters<typeof runApart>[0],
  sets: ModelSets,
  { set, by }: { readonly set: ModelSet; readonly by: string },
): Promise<boolean> {
  const code = await runApart(session, ['models', 'prove', '--directory', set.directory]);
  if (code !== 0) return false;
  sets.begin(set, by);
  return true;
}
