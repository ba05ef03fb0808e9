import type { ArtTitle } from '../../domain/art.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import type { ArtOrder } from '../link/art-messages.ts';
import type { EaselKeeper } from './easel-keeper.ts';
import type { Permission } from './permission.ts';
import type { NamedPicture } from './picture-folder.ts';

/** The gate, as far as painting speaks to it. */
export interface StudioGate {
  /** The newest frame at the size that is painted; undefined when none may be had. */
  frame(longSidePx: number): Promise<RgbImage | undefined>;
  picture(title: ArtTitle, fadeMs: number, jpeg: Uint8Array): void;
  nothing(): void;
  stopped(serial: number): void;
}

/** Pictures in turn; see `PictureFolder`. */
export interface Pictures {
  picture(index: number, longSidePx: number): Promise<NamedPicture>;
}

/** What one way of painting works with. */
export interface SittingParts {
  readonly clock: Clock;
  readonly gate: StudioGate;
  readonly keeper: EaselKeeper;
  readonly permission: Permission;
  /** What is painted; absent: what the camera sees. */
  readonly gallery: Pictures | undefined;
  readonly longSidePx: number;
  /** The newest order. */
  readonly order: () => ArtOrder | undefined;
  /** Resolves after that time, or earlier when there is a new order or all is over. */
  readonly pause: (ms: number) => Promise<void>;
}

/** One way of painting. */
export interface Sitting {
  /**
   * Paints one picture, or looks whether there is anything to paint.
   * @throws PORTICO_ART_UNAVAILABLE
   */
  sit(signal: AbortSignal): Promise<void>;
}

/** Nothing to paint just now. */
export const PAUSE_MS = 1_000;

export type Content = RgbImage & { readonly name?: string };

/** The gallery's picture whose turn it is, or a frame; undefined when none may be had. */
export async function contentOf(
  { gallery, gate, longSidePx }: SittingParts,
  index: number,
): Promise<Content | undefined> {
  if (gallery !== undefined) return gallery.picture(index, longSidePx);
  return gate.frame(longSidePx);
}
