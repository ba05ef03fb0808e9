import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { WallMs } from '../domain/units.ts';
import type { SiteFile } from '../messaging/site/site-files.ts';
import { writePrivately } from './private-file.ts';
import type { SiteFolder } from './site-folder.ts';
import { authorityNameOf } from './tls/certificates.ts';
import { revocationList } from './tls/revocation-list.ts';

const LIST_FILE = 'revoked.crl';

export const revocationsPath = (folder: SiteFolder): string => join(folder.brokerPath, LIST_FILE);

/**
 * Writes which certificates the broker shall turn away: those of revoked keys. Nothing where the authority is the operator's own.
 * @throws PORTICO_SITE_FILE
 */
export function writeRevocations(folder: SiteFolder, file: SiteFile, now: WallMs): void {
  const authority = folder.readAuthority();
  if (authority === undefined) return;
  const list = revocationList(authority, {
    authorityName: authorityNameOf(file.site),
    serials: folder.issued.serialsOf(file.revoked),
    number: file.trustEpoch,
    now,
  });
  mkdirSync(folder.brokerPath, { recursive: true, mode: 0o700 });
  writePrivately(revocationsPath(folder), list);
}
