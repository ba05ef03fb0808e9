import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../messaging/envelope/compact-header.ts';
import { LineFile } from './line-file.ts';
import type { SiteFolder } from './site-folder.ts';

const FOLDER = 'enrolments';

const lineSchema = z.strictObject({
  entry: z.string().describe('What the list calls the person'),
  identityId: z.string(),
  outcome: z.enum(['begun', 'enrolled', 'refused']),
  text: z.exactOptional(z.string()).describe('Why the person was refused'),
});
export type JournalLine = Readonly<z.infer<typeof lineSchema>>;

/** What became of everybody of one list, in the site's folder: with it an interrupted enrolment goes on. */
export class EnrolmentJournal {
  readonly #file: LineFile;
  readonly #newest = new Map<string, JournalLine>();

  private constructor(file: LineFile) {
    this.#file = file;
  }

  /** @param list  absolute path of the folder or table @throws PORTICO_SITE_FILE */
  static open({ path }: SiteFolder, list: string): EnrolmentJournal {
    const name = createHash('sha256').update(list).digest('hex').slice(0, 16);
    const journal = new EnrolmentJournal(new LineFile(join(path, FOLDER, `${name}.jsonl`)));
    for (const text of journal.#file.read().split('\n')) {
      const line = lineSchema.safeParse(parseJson(text));
      if (line.success) journal.#newest.set(line.data.entry, line.data);
    }
    return journal;
  }

  get path(): string {
    return this.#file.path;
  }

  line(entry: string): JournalLine | undefined {
    return this.#newest.get(entry);
  }

  /** @throws PORTICO_SITE_FILE */
  note(line: JournalLine): void {
    this.#file.append(`${JSON.stringify(line)}\n`);
    this.#newest.set(line.entry, line);
  }

  close(): void {
    this.#file.close();
  }
}
