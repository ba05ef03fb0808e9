import { revocationsPath } from '../office/revocations.ts';
import type { SiteFolder } from '../office/site-folder.ts';

/** Where the shipped configuration of mosquitto looks. */
export const BROKER_FOLDER = '/etc/mosquitto/portico';

/** What is left to do at the broker when somebody's certificate shall be turned away. */
export function reloadLines(folder: SiteFolder): readonly string[] {
  if (folder.seat.broker.tls === undefined) return [];
  if (folder.readAuthority() === undefined) {
    return [
      'Its certificate is of your own authority: revoke it there, and give the broker the new list.',
    ];
  }
  const list = revocationsPath(folder);
  return [
    'The broker turns its certificate away as soon as it has the new list:',
    `  sudo install -m 640 -o mosquitto -t ${BROKER_FOLDER} ${list} && sudo systemctl reload mosquitto`,
  ];
}
