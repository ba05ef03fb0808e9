import { z } from 'zod';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Logger } from '../../domain/ports/logger.ts';
import { wallMs } from '../../domain/units.ts';
import type { IncomingMessage, OutgoingMessage } from '../broker/broker-link.ts';
import {
  type AnswerDocument,
  COMMAND_LIFE_MAX_MS,
  type CommandDocument,
  type CommandResult,
  commandDocumentSchema,
  ROLE_FOR_ORDER,
} from '../documents/command-document.ts';
import { keyIdSchema, parseJson } from '../envelope/compact-header.ts';
import { openForSite, sealForSite } from '../envelope/sealing.ts';
import { signDocument, verifyDocument } from '../envelope/signing.ts';
import { type Refused, refusedFor } from '../refusal.ts';
import { textOf } from '../roster/read-roster.ts';
import type { Administrator } from '../site/trust-list.ts';
import { SIZE_LIMITS } from '../size-limits.ts';
import type { SiteTopics } from '../topics.ts';
import type { CommandHandler, SiteStore } from './gate-ports.ts';
import { NewestIssues } from './newest-issues.ts';
import type { RefusalTally } from './refusal-tally.ts';
import type { SiteKeys } from './site-keys.ts';

export interface CommandIntakeParts {
  readonly site: string;
  readonly gateId: string;
  readonly topics: SiteTopics;
  readonly store: SiteStore;
  readonly keys: SiteKeys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tally: RefusalTally;
  readonly handler: CommandHandler;
  readonly sync: (isFromScratch: boolean) => CommandResult;
  readonly answer: (message: OutgoingMessage) => void;
}

type Accepted = {
  readonly outcome: 'accepted';
  readonly command: CommandDocument;
  readonly signer: Administrator;
};

const ORDER_SETTING = 'site.newest-commands';
/** How far an administrator's clock may be ahead of the gate's. */
const AHEAD_MAX_MS = 10_000;
/** Commands that wait to be checked; a flood beyond is dropped. */
const WAITING_MAX = 32;
/** Answers kept for commands that arrive twice. */
const ANSWERS_KEPT = 64;
const ANSWER_EXPIRY_SECONDS = 120;

const newestSchema = z.record(keyIdSchema, z.number());

/**
 * Commands as they arrive. One is obeyed only if it is sealed for the site, signed by a key whose role
 * allows the order, addressed to this gate, in time, newer than every other of that key, never seen
 * before and not retained; that it was obeyed is durable before the order is given.
 */
export class CommandIntake {
  readonly #parts: CommandIntakeParts;
  readonly #newest: NewestIssues;
  readonly #answers = new Map<string, OutgoingMessage>();
  #line: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(parts: CommandIntakeParts) {
    this.#parts = parts;
    const stored = newestSchema.safeParse(parseJson(parts.store.setting(ORDER_SETTING) ?? '{}'));
    this.#newest = new NewestIssues(AHEAD_MAX_MS, stored.success ? stored.data : {});
  }

  /** Commands are checked one after another, in the order of arrival; their work goes on side by side. */
  offer(message: IncomingMessage): void {
    if (this.#waiting >= WAITING_MAX) {
      this.#parts.tally.note('flooded', 'command');
      return;
    }
    this.#waiting += 1;
    this.#line = this.#line
      .then(() => this.#take(message))
      .catch((error: unknown) => {
        const fields = { event: 'site.command-failed', error };
        this.#parts.logger.error(fields, 'a command could not be checked');
      })
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  /** Resolves when everything offered so far has been checked. */
  async settled(): Promise<void> {
    await this.#line;
  }

  async #take(message: IncomingMessage): Promise<void> {
    const result = await this.#check(message);
    if (result.outcome === 'refused') {
      this.#parts.tally.note(result.reason, 'command');
      return;
    }
    void this.#obey(result, message);
  }

  async #check(message: IncomingMessage): Promise<Accepted | Refused> {
    if (message.isRetained) return refusedFor('retained');
    if (message.payload.length > SIZE_LIMITS.command) return refusedFor('oversize');
    const { topics, keys, clock } = this.#parts;
    if (!topics.isAnswerTopic(message.responseTopic ?? '')) return refusedFor('no-answer-address');
    const opened = await openForSite('command', textOf(message.payload), keys.contentKeys);
    if (opened.outcome === 'refused') return opened;
    const verified = await verifyDocument(opened.text, {
      kind: 'command',
      schema: commandDocumentSchema,
      keyOf: keys.administrators(clock.wall()),
    });
    if (verified.outcome === 'refused') return verified;
    return this.#admit(verified.document, verified.signer);
  }

  /** Synchronous from the first look at the clock to the durable note: nothing can come between. */
  #admit(command: CommandDocument, signer: Administrator): Accepted | Refused {
    const { site, gateId, clock, store } = this.#parts;
    if (command.site !== site) return refusedFor('foreign-site');
    if (command.gateId !== gateId) return refusedFor('wrong-gate');
    if (!signer.roles.includes(ROLE_FOR_ORDER[command.order.name])) return refusedFor('wrong-role');
    const now = clock.wall();
    const lifeMs = command.expiresAtMs - command.issuedAtMs;
    if (command.issuedAtMs > now + AHEAD_MAX_MS) return refusedFor('early');
    if (now >= command.expiresAtMs || lifeMs > COMMAND_LIFE_MAX_MS) return refusedFor('expired');
    const known = this.#answers.get(command.nonce);
    if (known !== undefined) {
      this.#parts.answer(known);
      return refusedFor('replayed');
    }
    if (!this.#newest.isNewer(signer.kid, command.issuedAtMs, now)) {
      return refusedFor('out-of-order');
    }
    // The nonce outlives the command by as much as the clocks may differ.
    const rememberUntil = wallMs(command.expiresAtMs + COMMAND_LIFE_MAX_MS);
    if (store.commandSeen(command.nonce, rememberUntil) === 'replayed') {
      return refusedFor('replayed');
    }
    this.#newest.note(signer.kid, command.issuedAtMs);
    store.setSetting(ORDER_SETTING, JSON.stringify(this.#newest.all()));
    return { outcome: 'accepted', command, signer };
  }

  async #obey({ command, signer }: Accepted, message: IncomingMessage): Promise<void> {
    const { logger } = this.#parts;
    const { nonce, order } = command;
    const fields = { event: 'site.command', order: order.name, nonce, kid: signer.kid };
    logger.info(fields, 'a command is obeyed');
    let result: CommandResult;
    try {
      result = await this.#give(command, signer);
    } catch (error) {
      logger.error({ ...fields, error }, 'a command failed');
      result = {
        outcome: 'refused',
        reason: 'gate-fault',
        text: 'The gate could not do it because of a fault; its log names it.',
      };
    }
    await this.#reply(command, result, message);
  }

  #give({ order, nonce }: CommandDocument, { kid }: Administrator): Promise<CommandResult> {
    const { handler, sync } = this.#parts;
    if (order.name === 'sync') return Promise.resolve(sync(order.isFromScratch === true));
    return handler.handle(order, { nonce, kid });
  }

  async #reply(
    { nonce }: CommandDocument,
    result: CommandResult,
    { responseTopic, correlation }: IncomingMessage,
  ): Promise<void> {
    const { site, gateId, clock, keys } = this.#parts;
    const [contentKey] = keys.contentKeys;
    if (responseTopic === undefined || contentKey === undefined) return;
    const document: AnswerDocument = {
      schemaVersion: 1,
      kind: 'answer',
      site,
      gateId,
      nonce,
      atMs: clock.wall(),
      result,
    };
    const signed = await signDocument('answer', document, keys.signer);
    const answer: OutgoingMessage = {
      topic: responseTopic,
      payload: await sealForSite('answer', signed, contentKey),
      isRetained: false,
      expirySeconds: ANSWER_EXPIRY_SECONDS,
      ...(correlation === undefined ? {} : { correlation }),
    };
    this.#remember(nonce, answer);
    this.#parts.answer(answer);
  }

  #remember(nonce: string, answer: OutgoingMessage): void {
    this.#answers.set(nonce, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > ANSWERS_KEPT && oldest !== undefined) this.#answers.delete(oldest);
  }
}
