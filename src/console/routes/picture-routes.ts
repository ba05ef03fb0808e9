import type { ConsoleRoom } from '../console-room.ts';
import { done, NOT_FOUND, type Route, refusal } from '../exchange.ts';

/** GET /api/pictures/:gateId/:number: opened for this answer, and kept by nobody. */
export const showPicture =
  ({ parts: { folder, clock }, gateIds }: ConsoleRoom): Route =>
  async ({ parts }) => {
    const { gateId = '', number = '' } = parts;
    if (!gateIds.includes(gateId)) return NOT_FOUND;
    const announced = folder.pictures.of(gateId, Number(number));
    const shown = await folder.pictures.show(announced, folder.seat, clock.wall());
    if (shown.outcome !== 'opened') return refusal({ reason: shown.outcome });
    return done({ jpeg: Buffer.from(shown.jpeg).toString('base64') });
  };
