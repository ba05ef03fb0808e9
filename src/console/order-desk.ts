import { PorticoError } from '../domain/errors.ts';
import type { CommandOutcome } from '../messaging/seat/command-desk.ts';
import type { SiteDesk } from '../messaging/seat/site-desk.ts';

/** What the page can order. */
export const CONSOLE_ORDERS = ['pulse', 'lock-down', 'release', 'sync'] as const;
export type ConsoleOrder = (typeof CONSOLE_ORDERS)[number];

/** 'unsent': the broker could not be reached or did not take it. */
export type OrderOutcome =
  | { readonly outcome: 'done' | 'no-answer' }
  | { readonly outcome: 'refused' | 'unsent'; readonly text: string };

export interface OrderReport {
  readonly gateId: string;
  readonly order: ConsoleOrder;
  readonly result: OrderOutcome;
}

/** Gives orders and tells everybody who looks on what came of each. */
export class OrderDesk {
  readonly #desk: Pick<SiteDesk, 'sendCommand'>;
  readonly #onReport: (report: OrderReport) => void;

  constructor(desk: Pick<SiteDesk, 'sendCommand'>, onReport: (report: OrderReport) => void) {
    this.#desk = desk;
    this.#onReport = onReport;
  }

  /** Never throws for what a site can do to an order: that is its outcome. */
  async give(gateId: string, order: ConsoleOrder): Promise<OrderReport> {
    const report = { gateId, order, result: await this.#send(gateId, order) };
    this.#onReport(report);
    return report;
  }

  /** To all at once; each is reported as soon as it is known. */
  giveAll(gateIds: readonly string[], order: ConsoleOrder): Promise<readonly OrderReport[]> {
    return Promise.all(gateIds.map((gateId) => this.give(gateId, order)));
  }

  async #send(gateId: string, order: ConsoleOrder): Promise<OrderOutcome> {
    try {
      return shown(await this.#desk.sendCommand(gateId, { name: order }));
    } catch (error) {
      if (error instanceof PorticoError) return { outcome: 'unsent', text: error.message };
      throw error;
    }
  }
}

function shown(outcome: CommandOutcome): OrderOutcome {
  return outcome.outcome === 'refused'
    ? { outcome: 'refused', text: outcome.text }
    : { outcome: outcome.outcome };
}
