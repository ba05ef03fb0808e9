import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { replaceFile } from '../disk/durable-file.ts';

const name = z.string().regex(/^[0-9a-f]{16}$/);

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Digest of the manifests that the release brought: a set is for one release only. */
  base: z.string(),
  /** Absent: the release's own. */
  set: z.exactOptional(name),
  trial: z.exactOptional(
    z.strictObject({
      /** What is in force again when the trial fails; absent: the release's own. */
      before: z.exactOptional(name),
      starts: z.int().min(0),
      /** Key id of who ordered it, or the command line. */
      by: z.string().max(128),
    }),
  ),
});

/** Which manifests are in force. */
export type ModelSetState = z.infer<typeof schema>;

/** @returns undefined where there is none, or it cannot be read: then the release's own are in force */
export function readModelSetState(path: string): ModelSetState | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all, after a power cut too. */
export function writeModelSetState(path: string, state: ModelSetState): void {
  replaceFile(path, JSON.stringify(state), 0o600);
}
