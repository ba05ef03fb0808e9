import { existsSync } from 'node:fs';
import type { SiteFolder } from '../office/site-folder.ts';

/** What of the site is on this computer; for the reminder to keep a copy of it. */
export interface SiteCustody {
  readonly folder: string;
  readonly rootKey: 'on-this-computer' | 'elsewhere';
}

export const custodyOf = ({ path, rootPath }: SiteFolder): SiteCustody => ({
  folder: path,
  rootKey: existsSync(rootPath) ? 'on-this-computer' : 'elsewhere',
});
