import { assertNever } from '../domain/assert-never.ts';
import { PorticoError, ProtocolError } from '../domain/errors.ts';
import type { NewTemplate } from '../gallery/roster-shapes.ts';
import type { Order } from '../messaging/documents/command-document.ts';
import { COMMAND_TIMING, type CommandOutcome } from '../messaging/seat/command-desk.ts';
import type { SiteDesk } from '../messaging/seat/site-desk.ts';
import { decodeVector } from '../roster/roster-documents.ts';

/** Orders that answer with what was seen of a face. */
export type EnrolmentOrder = Extract<Order, { name: 'capture-enrolment' | 'encode-photo' }>;

/** A gate may be a while at encoding a photograph on a small board. */
const ENCODE_WITHIN_MS = 60_000;
const BESIDES_CAPTURE_MS = 10_000;

/**
 * Has a gate encode a photograph, or the person who stands before it; nothing is enrolled yet.
 * @throws PORTICO_ENROL_REFUSED with the gate's words, PORTICO_SITE_UNREACHABLE without an answer
 */
export async function askForSamples(
  desk: SiteDesk,
  gateId: string,
  order: EnrolmentOrder,
): Promise<readonly NewTemplate[]> {
  const answerWithinMs =
    order.name === 'capture-enrolment' ? order.timeoutMs + BESIDES_CAPTURE_MS : ENCODE_WITHIN_MS;
  const outcome = await desk.sendCommand(gateId, order, {
    expiresInMs: COMMAND_TIMING.expiresInMs,
    answerWithinMs,
  });
  return samplesOf(gateId, outcome);
}

/** What a gate encoded, as far as it can be read; nothing after other orders. */
export const decodeSamples = ({
  samples = [],
}: Extract<CommandOutcome, { outcome: 'done' }>): readonly NewTemplate[] =>
  samples.flatMap(({ modelId, embedding }) => {
    const vector = decodeVector(embedding);
    return vector === undefined ? [] : [{ modelId, embedding: vector }];
  });

function samplesOf(gateId: string, outcome: CommandOutcome): readonly NewTemplate[] {
  switch (outcome.outcome) {
    case 'no-answer':
      throw new ProtocolError('PORTICO_SITE_UNREACHABLE', {
        message: `${gateId} does not answer; it will not obey later`,
        remedy: 'See with `portico gates` whether it is online, and try again.',
        context: { gateId },
      });
    case 'refused':
      throw refused(gateId, outcome.text, outcome.reason);
    case 'done': {
      const samples = decodeSamples(outcome);
      if (samples.length > 0) return samples;
      throw refused(gateId, 'it saw no face that can be enrolled', 'no-sample');
    }
    default:
      return assertNever(outcome);
  }
}

const refused = (gateId: string, text: string, reason: string): PorticoError =>
  new PorticoError('PORTICO_ENROL_REFUSED', {
    message: `${gateId} says: ${text} (${reason})`,
    remedy: 'Do as it says and try again; nothing was changed.',
    context: { gateId, reason },
  });
