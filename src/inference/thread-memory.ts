import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { RunTimes } from './thread-choice.ts';

const memorySchema = z.strictObject({
  /** Processor and cores; what was measured elsewhere says nothing here. */
  machine: z.string(),
  /** By SHA-256 of the network's file. */
  runMs: z.record(z.string(), z.record(z.string().regex(/^\d+$/), z.number().positive())),
});

type Memory = z.infer<typeof memorySchema>;

const machine = (): string =>
  `${arch()}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}`;

/** @returns what was measured on this machine, if anything was */
export function recallRunTimes(file: string, sha256: string): RunTimes | undefined {
  return readMemory(file).runMs[sha256];
}

/** Replaces the file as a whole. Where that fails the next start measures anew, which costs a moment. */
export function rememberRunTimes(file: string, sha256: string, runMs: RunTimes): void {
  const memory = readMemory(file);
  const changed: Memory = { ...memory, runMs: { ...memory.runMs, [sha256]: { ...runMs } } };
  const draft = `${file}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, `${JSON.stringify(changed, undefined, 2)}\n`);
    renameSync(draft, file);
  } catch {
    // A cache that cannot be written is no reason to keep the door closed.
  }
}

/** Empty where there is no such file, it is of another machine, or it makes no sense. */
function readMemory(file: string): Memory {
  const nothing: Memory = { machine: machine(), runMs: {} };
  try {
    const parsed = memorySchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success && parsed.data.machine === nothing.machine ? parsed.data : nothing;
  } catch {
    return nothing;
  }
}
