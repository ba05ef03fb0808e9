import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ProtocolError } from '../domain/errors.ts';
import { type EventDocument, eventDocumentSchema } from '../messaging/documents/event-document.ts';
import { parseJson } from '../messaging/envelope/compact-header.ts';
import type { ArchivePosition, EventArchive } from '../messaging/seat/event-follower.ts';
import { LineFile } from './line-file.ts';

const ENDING = '.jsonl';

/** One line of an archive: the event as its gate numbered and chained it, and the gate's signature. */
export const archiveLineSchema = z.strictObject({
  ...eventDocumentSchema.shape,
  signed: z.string().min(1).describe('Compact JWS of the event'),
});
export type ArchiveLine = Readonly<z.infer<typeof archiveLineSchema>>;

/** Events kept for good: one file of lines for each gate. */
export class ArchiveFolder implements EventArchive {
  readonly #folder: string;
  readonly #files = new Map<string, LineFile>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  pathOf(gateId: string): string {
    return join(this.#folder, gateId + ENDING);
  }

  /** @throws PORTICO_SITE_FILE when the last line is not an event */
  position(gateId: string): Promise<ArchivePosition | undefined> {
    const line = this.#file(gateId).lastLine();
    if (line === undefined) return Promise.resolve(undefined);
    const parsed = archiveLineSchema.safeParse(parseJson(line));
    return parsed.success
      ? Promise.resolve(parsed.data)
      : Promise.reject(damaged(this.pathOf(gateId)));
  }

  /**
   * What another program at this seat has kept meanwhile is not kept twice.
   * @throws PORTICO_SITE_FILE: the event is not in safe keeping, and gets no receipt
   */
  append(event: EventDocument, signed: string): Promise<void> {
    const file = this.#file(event.gateId);
    return new Promise((resolve) => {
      if (!isKept(file.newestWholeLine(), event))
        file.append(`${JSON.stringify({ ...event, signed })}\n`);
      file.sync();
      resolve();
    });
  }

  /** The newest events of a gate, oldest first. @throws PORTICO_SITE_FILE */
  tail(gateId: string, count: number): readonly ArchiveLine[] {
    return this.#parsed(gateId, this.#lines(gateId).slice(-count));
  }

  /** Events of a gate whose line holds such a text, oldest first. @throws PORTICO_SITE_FILE */
  linesWith(gateId: string, text: string): readonly ArchiveLine[] {
    const lines = this.#lines(gateId).filter((line) => line.includes(text));
    return this.#parsed(gateId, lines);
  }

  /** Gates of which events are kept. */
  gateIds(): readonly string[] {
    if (!existsSync(this.#folder)) return [];
    const files = readdirSync(this.#folder).filter((name) => name.endsWith(ENDING));
    return files.map((name) => name.slice(0, -ENDING.length)).sort();
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
  }

  #lines(gateId: string): readonly string[] {
    return this.#file(gateId).read().split('\n').slice(0, -1);
  }

  #parsed(gateId: string, lines: readonly string[]): readonly ArchiveLine[] {
    return lines.map((line) => {
      const parsed = archiveLineSchema.safeParse(parseJson(line));
      if (!parsed.success) throw damaged(this.pathOf(gateId));
      return parsed.data;
    });
  }

  #file(gateId: string): LineFile {
    const known = this.#files.get(gateId);
    if (known !== undefined) return known;
    const file = new LineFile(this.pathOf(gateId));
    this.#files.set(gateId, file);
    return file;
  }
}

function isKept(newest: string | undefined, { streamId, number }: EventDocument): boolean {
  const parsed = archiveLineSchema.safeParse(parseJson(newest ?? ''));
  return parsed.success && parsed.data.streamId === streamId && parsed.data.number >= number;
}

const damaged = (path: string): ProtocolError =>
  new ProtocolError('PORTICO_SITE_FILE', {
    message: `${path} holds a line that is not an event`,
    remedy: 'Run `portico audit verify` on it, and continue with the file from its backup.',
    context: { path },
  });
