import type { WallMs } from '../domain/units.ts';
import { trustListOf } from '../messaging/site/found-site.ts';
import type { SiteFile } from '../messaging/site/site-files.ts';
import { writeRevocations } from './revocations.ts';
import type { SiteFolder } from './site-folder.ts';

/**
 * Keeps a changed site, with the list of certificates that the broker shall turn away, and lets the own seat know: its trust list and, unless it is an auditor's, its
 * content keys. What the seat knew is older than what the root says from here on.
 * @throws PORTICO_SITE_FILE
 */
export async function adoptRoot(folder: SiteFolder, file: SiteFile, now: WallMs): Promise<void> {
  const trustList = await trustListOf(file, now);
  folder.saveRoot(file);
  const { seat } = folder;
  const contentKeys = seat.contentKeys.length === 0 ? [] : file.contentKeys;
  folder.saveSeat({ ...seat, trustList, contentKeys });
  writeRevocations(folder, file, now);
}
