import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ART_MANNERS, type ArtSettings } from '../../domain/art.ts';
import { PorticoError } from '../../domain/errors.ts';
import type { Logger } from '../../domain/ports/logger.ts';

/** Where small values outlive a restart. */
export interface ArtShelf {
  setting(name: string): string | undefined;
  setSetting(name: string, value: string): void;
}

const NAME = 'art';

const settings = z.strictObject({
  isOn: z.boolean(),
  manner: z.enum(ART_MANNERS),
  style: z.string().min(1).max(120),
  intervalS: z.number().min(1).max(86_400),
});
const remembered = z.strictObject({ configured: settings, changed: settings });

/**
 * What was changed while the gate ran, over what is configured. A configuration that says something
 * else than it did then is the newer word.
 */
export function recallArtSettings(shelf: ArtShelf, configured: ArtSettings): ArtSettings {
  const { data } = remembered.safeParse(read(shelf));
  return data !== undefined && isDeepStrictEqual(data.configured, configured)
    ? data.changed
    : configured;
}

/** Never throws: a store that cannot be written says so by itself. */
export function rememberArtSettings(
  shelf: ArtShelf,
  logger: Logger,
  values: { readonly configured: ArtSettings; readonly changed: ArtSettings },
): void {
  try {
    shelf.setSetting(NAME, JSON.stringify(values));
  } catch (error) {
    if (!(error instanceof PorticoError)) throw error;
    logger.warn({ event: 'art.forgotten', code: error.code }, 'the new settings were not kept');
  }
}

function read(shelf: ArtShelf): unknown {
  try {
    return JSON.parse(shelf.setting(NAME) ?? 'null');
  } catch {
    return undefined;
  }
}
