import { ProtocolError } from '../../domain/errors.ts';
import type { RosterPerson } from '../../domain/roster.ts';
import type { WallMs } from '../../domain/units.ts';
import {
  encodeVector,
  type PersonDocument,
  personDocumentSchema,
  type RosterHead,
  type TombstoneDocument,
} from '../../roster/roster-documents.ts';
import { sealForSite } from '../envelope/sealing.ts';
import { signDocument } from '../envelope/signing.ts';
import { digestOf } from '../roster/read-roster.ts';
import type { BookEntry, BookHead, RosterBook } from './roster-book.ts';
import type { SeatKeys } from './seat-keys.ts';

export interface Issue {
  readonly site: string;
  readonly keys: SeatKeys;
  readonly book: RosterBook;
  readonly now: WallMs;
}

/** The next record of a person, signed and sealed; put it into the book once it was published. */
export async function composePerson(person: RosterPerson, issue: Issue): Promise<BookEntry> {
  const { identity, templates } = person;
  const document: PersonDocument = {
    schemaVersion: 1,
    site: issue.site,
    issuedAtMs: issue.now,
    kind: 'person',
    version: issue.book.claimVersion(identity.identityId),
    ...identity,
    templates: templates.map(({ templateId, modelId, enrolledAtMs, embedding }) => ({
      templateId,
      modelId,
      enrolledAtMs,
      embedding: encodeVector(embedding),
    })),
  };
  const checked = personDocumentSchema.safeParse(document);
  if (!checked.success) throw unpublishable(identity.identityId, checked.error.issues[0]?.path);
  return composeEntry(document, issue);
}

/** The signed deletion of a person; it stays in the book, and at the broker, for ever. */
export function composeTombstone(identityId: string, issue: Issue): Promise<BookEntry> {
  const document: TombstoneDocument = {
    schemaVersion: 1,
    site: issue.site,
    issuedAtMs: issue.now,
    kind: 'tombstone',
    version: issue.book.claimVersion(identityId),
    identityId,
  };
  return composeEntry(document, issue);
}

/** The next head over the book as it is. */
export async function composeHead(
  { site, keys, book, now }: Issue,
  validForMs: number,
): Promise<BookHead> {
  const head: RosterHead = {
    schemaVersion: 1,
    site,
    issuedAtMs: now,
    kind: 'head',
    epoch: book.claimEpoch(),
    ...book.set(),
    validUntilMs: now + validForMs,
  };
  return { epoch: head.epoch, payload: await signDocument('head', head, keys.signer) };
}

async function composeEntry(
  document: PersonDocument | TombstoneDocument,
  { keys }: Issue,
): Promise<BookEntry> {
  const { identityId, kind, version } = document;
  const [contentKey] = keys.contentKeys;
  if (contentKey === undefined) throw cannotSeal();
  const signed = await signDocument('record', document, keys.signer);
  const payload = await sealForSite('record', signed, contentKey);
  return { identityId, kind, version, digest: digestOf(signed), payload };
}

const cannotSeal = (): ProtocolError =>
  new ProtocolError('PORTICO_SITE_REFUSED', {
    message: 'this seat holds no content key, so it can neither enrol nor command',
    remedy: "Use an administrator's seat file whose role allows it.",
  });

const unpublishable = (identityId: string, path: readonly PropertyKey[] = []): ProtocolError =>
  new ProtocolError('PORTICO_SITE_REFUSED', {
    message: `the record of ${identityId} cannot be published: ${path.map(String).join('.')}`,
    remedy: 'Correct the field; nothing was sent.',
    context: { identityId },
  });
