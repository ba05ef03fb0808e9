import { madeUpPerson } from './made-up-roster.ts';
import { type Secret, scanForSecrets } from './secret-scan.ts';
import type { TrialSite } from './trial-site.ts';

/** What was looked for in everything that the broker wrote down, and what was found. */
export interface StorageFigures {
  readonly databaseBytes: number;
  readonly patterns: number;
  /** Names, vectors and photographs found: none, or the broker can read people. */
  readonly found: readonly string[];
  /** Opaque ids found, as part of topics: proof that the scan reads what is there. */
  readonly idsFound: number;
  readonly people: number;
}

const PHOTO_BYTES = 200_000;

/**
 * Has a photograph sent to a gate that is away, ends the broker, and reads its database.
 * @param people  numbers of the people that were published, revoked ones included
 */
export async function scanStorage(
  site: TrialSite,
  gateId: string,
  people: readonly number[],
): Promise<StorageFigures> {
  const photo = madeUpPhoto();
  // Nobody answers: the command waits in the broker's database for the gate.
  await site.desk.sendCommand(
    gateId,
    {
      name: 'encode-photo',
      identityId: 'p-photo',
      photo: Buffer.from(photo).toString('base64url'),
    },
    { expiresInMs: 60_000, answerWithinMs: 10 },
  );
  await site.close();
  const database = site.broker.readDatabase();
  const secrets: Secret[] = [{ what: 'photograph', bytes: photo }];
  const ids: Secret[] = [];
  for (const index of people) {
    const { identity, templates } = madeUpPerson(index);
    const { identityId, name } = identity;
    secrets.push({ what: `name of ${identityId}`, bytes: Buffer.from(name) });
    for (const word of name.split(' ')) {
      secrets.push({ what: `name of ${identityId}`, bytes: Buffer.from(word) });
    }
    for (const { embedding } of templates) {
      const bytes = new Uint8Array(embedding.buffer, embedding.byteOffset, embedding.byteLength);
      secrets.push({ what: `template of ${identityId}`, bytes });
    }
    ids.push({ what: identityId, bytes: Buffer.from(identityId) });
  }
  const { patterns, found } = scanForSecrets(database, secrets);
  return {
    databaseBytes: database.length,
    patterns,
    found,
    idsFound: scanForSecrets(database, ids).found.length,
    people: people.length,
  };
}

/** Not a picture, but nothing that occurs anywhere else. */
function madeUpPhoto(): Uint8Array {
  const bytes = new Uint8Array(PHOTO_BYTES);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Math.imul(at + 1, 0x9e3779b1) >>> 24;
  return bytes;
}
