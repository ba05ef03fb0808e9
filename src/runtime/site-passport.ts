import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import { ProtocolError } from '../domain/errors.ts';
import type { Store } from '../gallery/store.ts';
import { type GatePassport, parseGatePassport } from '../messaging/site/site-files.ts';
import { readSiteText, writePrivately } from '../office/private-file.ts';

/** Name of the passport among the credentials that the service manager hands over. */
const CREDENTIAL_NAME = 'portico.passport';
const SITE_SETTING = 'site.name';
const OTHERS = 0o077;

/**
 * What makes this gate one of a site: from the credentials directory, else from the file that
 * `portico gate join` keeps. Undefined where there is neither: the gate stands alone.
 * @throws PORTICO_SITE_FILE when it is damaged, or when others may read it
 */
export function readPassport({
  passport: path,
  credentialsDirectory,
}: Config['site']): GatePassport | undefined {
  const remedy = `Make ${path} readable for the user that runs Portico (owner, mode 0600).`;
  if (credentialsDirectory !== undefined) {
    const credential = join(credentialsDirectory, CREDENTIAL_NAME);
    if (existsSync(credential)) return parseGatePassport(readSiteText(credential, remedy));
  }
  if (!existsSync(path)) return undefined;
  if ((statSync(path).mode & OTHERS) !== 0) {
    throw new ProtocolError('PORTICO_SITE_FILE', {
      message: `${path} is open to others`,
      remedy: `Run "chmod 0600 ${path}"; if others have read it, have the gate provisioned anew.`,
      context: { path },
    });
  }
  return parseGatePassport(readSiteText(path, remedy));
}

/** @throws PORTICO_SITE_FILE when it cannot be written */
export function keepPassport(path: string, passport: GatePassport): void {
  writePrivately(path, `${JSON.stringify(passport, null, 2)}\n`);
}

/**
 * A store belongs to the first site that it was in: its versions and events mean nothing to another, and a
 * gate whose passport is gone must not go on with people whom nobody can delete any more.
 * @throws PORTICO_SITE_FILE
 */
export function bindToSite(
  store: Pick<Store, 'setting' | 'setSetting'>,
  site: string | undefined,
): void {
  const known = store.setting(SITE_SETTING);
  if (known === site) return;
  if (known === undefined && site !== undefined) {
    store.setSetting(SITE_SETTING, site);
    return;
  }
  throw new ProtocolError('PORTICO_SITE_FILE', {
    message:
      site === undefined
        ? `this gate belongs to the site ${known}, and its passport is gone`
        : `this gate's store belongs to the site ${known}, not to ${site}`,
    remedy:
      site === undefined
        ? 'Put the passport back, or have the gate provisioned anew and run `portico gate join`.'
        : 'A gate that changes its site begins with a new store: move the old one and its key away.',
    context: { known: known ?? '' },
  });
}
