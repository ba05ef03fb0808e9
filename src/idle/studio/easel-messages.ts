import type { Provider } from '../../inference/providers.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';

/** What the painter's process needs to begin. */
export interface EaselSetup {
  readonly engineModule: string | undefined;
  /** Tried in this order. */
  readonly providers: readonly Provider[];
  readonly threads: number;
  /** Folder of the trained net. */
  readonly painterFolder: string;
  /** The network in whose eyes is painted slowly. */
  readonly backboneFile: string | undefined;
}

export interface SlowCommission {
  readonly content: RgbImage;
  readonly style: RgbImage;
  readonly longSidePx: number;
  /** A run that takes longer than this is too long to wait for: painted smaller instead. */
  readonly longestRunMs: number;
}

/** A style of the trained net. */
export interface EaselStyle {
  readonly name: string;
  readonly title: string;
}

/** One at a time; each is answered once. */
export type EaselRequest =
  | { readonly kind: 'open'; readonly setup: EaselSetup }
  /** @param weights  share of each style */
  | { readonly kind: 'paint'; readonly picture: RgbImage; readonly weights: readonly number[] }
  | { readonly kind: 'begin'; readonly commission: SlowCommission }
  /** One more run of the slow painting. */
  | { readonly kind: 'go-on' };

export type EaselReply =
  /** @param styles  in the order of the weights */
  | { readonly kind: 'ready'; readonly styles: readonly EaselStyle[] }
  | { readonly kind: 'painted'; readonly jpeg: Uint8Array }
  /** One run is over, `share` of the painting is there, and it waits. */
  | {
      readonly kind: 'waiting';
      readonly share: number;
      readonly runs: number;
      readonly jpeg: Uint8Array | undefined;
    }
  | { readonly kind: 'finished'; readonly jpeg: Uint8Array }
  | { readonly kind: 'failed'; readonly detail: string };
