import { z } from 'zod';
import { wallMs } from '../../domain/units.ts';
import { identityIdSchema, wallSchema } from '../../roster/roster-documents.ts';
import type { ConsoleRoom } from '../console-room.ts';
import { type Answer, done, NOT_FOUND, type Route, refusal, withJson } from '../exchange.ts';
import { listed, type PeoplePage, searchPeople } from '../people-list.ts';
import type { OfficeOutcome, PersonDetails, PhotoSamples } from '../people-office.ts';

const PAGE_SIZE = 100;
const SEARCH_MAX = 100;
const PHOTOS_MAX = 8;

const detailsSchema = {
  name: z.string().trim().min(1).max(200),
  scheduleId: z.exactOptional(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,39}$/)),
  validFromMs: z.exactOptional(wallSchema),
  validUntilMs: z.exactOptional(wallSchema),
  draftIds: z.array(z.string().max(32)).max(PHOTOS_MAX),
};
const newPersonSchema = z.strictObject({
  ...detailsSchema,
  identityId: z.exactOptional(identityIdSchema),
});
const changedPersonSchema = z.strictObject(detailsSchema);
const NOBODY_YET: PeoplePage = { people: [], found: 0, total: 0 };

/** GET /api/people?search=…&from=… */
export const listPeople =
  (room: ConsoleRoom): Route =>
  async ({ query }) => {
    const { people } = room;
    if (people === undefined) return done(NOBODY_YET);
    const text = (query.get('search') ?? '').slice(0, SEARCH_MAX).trim();
    const asked = Number(query.get('from') ?? 0);
    const from = Number.isSafeInteger(asked) && asked > 0 ? asked : 0;
    return done(searchPeople(people, { text, from, limit: PAGE_SIZE }));
  };

/** GET /api/people/:identityId */
export const showPerson =
  (room: ConsoleRoom): Route =>
  async ({ parts }) => {
    const { people } = room;
    const identity = people?.identity(parts['identityId'] ?? '');
    return people === undefined || identity === undefined
      ? NOT_FOUND
      : done(listed(people, identity));
  };

/** POST /api/people */
export const enrolPerson =
  (room: ConsoleRoom): Route =>
  (exchange) =>
    withJson(exchange, newPersonSchema, ({ identityId, draftIds, ...details }) =>
      withPhotos(room, draftIds, (photos) =>
        room.office.enrol(detailsOf(details), photos, identityId),
      ),
    );

/** PUT /api/people/:identityId */
export const changePerson =
  (room: ConsoleRoom): Route =>
  (exchange) =>
    withJson(exchange, changedPersonSchema, ({ draftIds, ...details }) =>
      withPhotos(room, draftIds, (photos) =>
        room.office.change(exchange.parts['identityId'] ?? '', detailsOf(details), photos),
      ),
    );

/** DELETE /api/people/:identityId */
export const revokePerson =
  (room: ConsoleRoom): Route =>
  async ({ parts }) => {
    const outcome = await room.office.revoke(parts['identityId'] ?? '');
    return answerOf(room, outcome);
  };

async function withPhotos(
  room: ConsoleRoom,
  draftIds: readonly string[],
  work: (photos: PhotoSamples) => Promise<OfficeOutcome>,
): Promise<Answer> {
  const photos = draftIds.map((draftId) => room.drafts.find(draftId));
  if (photos.includes(undefined)) return refusal({ reason: 'photo-forgotten' });
  const outcome = await work(photos.filter((photo) => photo !== undefined));
  if (outcome.outcome === 'done') room.drafts.forget(draftIds);
  return answerOf(room, outcome);
}

async function answerOf(room: ConsoleRoom, outcome: OfficeOutcome): Promise<Answer> {
  if (outcome.outcome === 'refused') return refusal(outcome.refusal);
  await room.roster.look();
  return done({ identityId: outcome.identityId });
}

function detailsOf({
  name,
  scheduleId,
  validFromMs,
  validUntilMs,
}: Omit<z.output<typeof changedPersonSchema>, 'draftIds'>): PersonDetails {
  return {
    name,
    ...(scheduleId === undefined ? {} : { scheduleId }),
    ...(validFromMs === undefined ? {} : { validFromMs: wallMs(validFromMs) }),
    ...(validUntilMs === undefined ? {} : { validUntilMs: wallMs(validUntilMs) }),
  };
}
