import { randomBytes } from 'node:crypto';
import { ProtocolError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { BrokerLink, IncomingMessage } from '../broker/broker-link.ts';
import {
  answerDocumentSchema,
  type CommandDocument,
  type CommandResult,
  type Order,
} from '../documents/command-document.ts';
import { openForSite, sealForSite } from '../envelope/sealing.ts';
import { signDocument, verifyDocument } from '../envelope/signing.ts';
import { textOf } from '../roster/read-roster.ts';
import { SIZE_LIMITS } from '../size-limits.ts';
import type { SiteTopics } from '../topics.ts';
import type { SeatKeys } from './seat-keys.ts';

export interface CommandDeskParts {
  readonly site: string;
  readonly topics: SiteTopics;
  /** Where this seat awaits answers. */
  readonly answerTopic: string;
  readonly keys: SeatKeys;
  readonly clock: Clock;
  readonly link: () => BrokerLink;
}

export interface CommandTiming {
  /** Afterwards the gate does not obey any more. */
  readonly expiresInMs: number;
  /** How long to wait for the answer; at least as long as the order may take. */
  readonly answerWithinMs: number;
}

export const COMMAND_TIMING: CommandTiming = { expiresInMs: 15_000, answerWithinMs: 20_000 };

/** 'no-answer': the gate is away, or did not believe the command; it will not obey it later. */
export type CommandOutcome = CommandResult | { readonly outcome: 'no-answer' };

interface Awaited {
  readonly gateId: string;
  readonly resolve: (outcome: CommandOutcome) => void;
}

/** Sends commands and knows their answers again by nonce. */
export class CommandDesk {
  readonly #parts: CommandDeskParts;
  readonly #awaited = new Map<string, Awaited>();
  #newestMs = 0;

  constructor(parts: CommandDeskParts) {
    this.#parts = parts;
  }

  /** @throws PORTICO_SITE_UNREACHABLE, PORTICO_SITE_REFUSED when the broker did not take it */
  async send(
    gateId: string,
    order: Order,
    timing: CommandTiming = COMMAND_TIMING,
  ): Promise<CommandOutcome> {
    const { site, keys, clock, topics, answerTopic, link } = this.#parts;
    const [contentKey] = keys.contentKeys;
    if (contentKey === undefined) throw cannotCommand();
    // A gate takes each key's commands in the order of their issue only.
    this.#newestMs = Math.max(this.#newestMs + 1, clock.wall());
    const document: CommandDocument = {
      schemaVersion: 1,
      kind: 'command',
      site,
      gateId,
      nonce: randomBytes(16).toString('base64url'),
      issuedAtMs: this.#newestMs,
      expiresAtMs: this.#newestMs + timing.expiresInMs,
      order,
    };
    const signed = await signDocument('command', document, keys.signer);
    const payload = await sealForSite('command', signed, contentKey);
    const answer = this.#await(document, timing.answerWithinMs);
    try {
      await link().publish({
        topic: topics.gate(gateId).command,
        payload,
        isRetained: false,
        expirySeconds: Math.max(1, Math.ceil(timing.expiresInMs / 1000)),
        responseTopic: answerTopic,
        correlation: Buffer.from(document.nonce, 'latin1'),
      });
    } catch (error) {
      this.#awaited.get(document.nonce)?.resolve({ outcome: 'no-answer' });
      throw error;
    }
    return answer;
  }

  /** A message on the answer topic; what is not a gate's answer to one of our commands is dropped. */
  async take({ payload, correlation }: IncomingMessage): Promise<void> {
    if (payload.length > SIZE_LIMITS.answer) return;
    const nonce = Buffer.from(correlation ?? []).toString('latin1');
    const awaited = this.#awaited.get(nonce);
    if (awaited === undefined) return;
    const { keys, site } = this.#parts;
    const opened = await openForSite('answer', textOf(payload), keys.contentKeys);
    if (opened.outcome === 'refused') return;
    const verified = await verifyDocument(opened.text, {
      kind: 'answer',
      schema: answerDocumentSchema,
      keyOf: keys.trust.gateLookup(awaited.gateId),
    });
    if (verified.outcome === 'refused') return;
    const { document } = verified;
    const isOurs =
      document.nonce === nonce && document.site === site && document.gateId === awaited.gateId;
    if (isOurs) awaited.resolve(document.result);
  }

  #await({ nonce, gateId }: CommandDocument, withinMs: number): Promise<CommandOutcome> {
    return new Promise((settle) => {
      const cancel = this.#parts.clock.after(withinMs, () => resolve({ outcome: 'no-answer' }));
      const resolve = (outcome: CommandOutcome): void => {
        cancel();
        this.#awaited.delete(nonce);
        settle(outcome);
      };
      this.#awaited.set(nonce, { gateId, resolve });
    });
  }
}

const cannotCommand = (): ProtocolError =>
  new ProtocolError('PORTICO_SITE_REFUSED', {
    message: 'this seat holds no content key, so it cannot command',
    remedy: "Use an administrator's seat file whose role allows it.",
  });
