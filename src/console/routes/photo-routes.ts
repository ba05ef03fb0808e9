import { z } from 'zod';
import type { NewTemplate } from '../../gallery/roster-shapes.ts';
import { decodeSamples } from '../../office/ask-gate.ts';
import { gateIdSchema, identityIdSchema } from '../../roster/roster-documents.ts';
import type { ConsoleRoom } from '../console-room.ts';
import { type Answer, done, type Route, readPicture, refusal, withJson } from '../exchange.ts';

/** A telephone's largest picture. */
const PHOTO_BYTES_MAX = 24 * 1024 * 1024;
const CAPTURE_WITHIN_MS = 30_000;
const ANSWER_WITHIN_MS = 40_000;

const captureSchema = z.strictObject({
  gateId: gateIdSchema,
  /** Whom the picture is to be added to; absent: somebody new. */
  identityId: z.exactOptional(identityIdSchema),
});

/** POST /api/photos?for=…: reads a photograph; what it shows is kept as a draft, the photograph is not. */
export const readPhoto =
  (room: ConsoleRoom): Route =>
  async (exchange) => {
    const picture = await readPicture(exchange, PHOTO_BYTES_MAX);
    if (!(picture instanceof Uint8Array)) return picture;
    const reading = await room.parts.photos.read(picture);
    if (reading.outcome === 'refused') return refusal({ reason: reading.reason });
    const crop = Buffer.from(reading.crop).toString('base64');
    const identityId = exchange.query.get('for') ?? undefined;
    return drafted(room, reading.samples, { identityId, crop });
  };

/** POST /api/captures: a gate takes the picture of whoever stands before it. */
export const captureAtGate =
  (room: ConsoleRoom): Route =>
  (exchange) =>
    withJson(exchange, captureSchema, async ({ gateId, identityId }) => {
      const outcome = await room.desk.sendCommand(
        gateId,
        {
          name: 'capture-enrolment',
          identityId: identityId ?? 'somebody-new',
          timeoutMs: CAPTURE_WITHIN_MS,
        },
        { expiresInMs: CAPTURE_WITHIN_MS, answerWithinMs: ANSWER_WITHIN_MS },
      );
      if (outcome.outcome === 'no-answer') return refusal({ reason: 'no-answer' });
      if (outcome.outcome === 'refused') {
        return refusal({ reason: 'gate-refused', text: outcome.text });
      }
      const samples = decodeSamples(outcome);
      if (samples.length === 0) return refusal({ reason: 'no-face' });
      return drafted(room, samples, { identityId, crop: undefined });
    });

function drafted(
  room: ConsoleRoom,
  samples: readonly NewTemplate[],
  of: { readonly identityId: string | undefined; readonly crop: string | undefined },
): Answer {
  const { identityId, crop } = of;
  const refused = room.office.judgePhoto(samples, identityId);
  if (refused !== undefined) return refusal({ ...refused, crop });
  return done({ draftId: room.drafts.keep(samples), crop });
}
