import { z } from 'zod';
import type { ConsoleRoom } from '../console-room.ts';
import { done, NOT_FOUND, type Route, withJson } from '../exchange.ts';
import { CONSOLE_ORDERS } from '../order-desk.ts';

const orderSchema = z.strictObject({ order: z.enum(CONSOLE_ORDERS) });
/** To everybody at once only what makes a site safe, and its end. */
const siteOrderSchema = z.strictObject({ order: z.enum(['lock-down', 'release']) });

/** POST /api/gates/:gateId/orders */
export const orderGate =
  (room: ConsoleRoom): Route =>
  (exchange) =>
    withJson(exchange, orderSchema, async ({ order }) => {
      const gateId = exchange.parts['gateId'] ?? '';
      const isKnown = room.gateIds.includes(gateId);
      return isKnown ? done(await room.orders.give(gateId, order)) : NOT_FOUND;
    });

/** POST /api/orders: to all gates. */
export const orderSite =
  (room: ConsoleRoom): Route =>
  (exchange) =>
    withJson(exchange, siteOrderSchema, async ({ order }) =>
      done(await room.orders.giveAll(room.gateIds, order)),
    );
