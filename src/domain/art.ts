/** Fast: one pass of a trained net. Slow: a painting that comes into being over minutes. */
export const ART_MANNERS = ['fast', 'slow'] as const;
export type ArtManner = (typeof ART_MANNERS)[number];

/** The style that stands for all of them, one after the other. */
export const EVERY_STYLE = 'every';

/** What hangs on the wall, for people and for messages. */
export interface ArtTitle {
  /** Title of the style that shows most. */
  readonly style: string;
  readonly manner: ArtManner;
  /** Name of the gallery's picture; absent: what the camera sees. */
  readonly subject?: string;
}

/** One finished picture, as the page gets it. */
export interface ArtPicture {
  /** Counts up; another number is another picture. */
  readonly sequence: number;
  readonly jpeg: Uint8Array;
  readonly title: ArtTitle;
  /** How long the page takes to fade it in over the one before. */
  readonly fadeMs: number;
}

/** What an operator may change while the gate runs. */
export interface ArtSettings {
  readonly isOn: boolean;
  readonly manner: ArtManner;
  /** One style by its name, or {@link EVERY_STYLE}. */
  readonly style: string;
  /** How long one style, or one picture of the gallery, stays. */
  readonly intervalS: number;
}

/** The wall's art, as the rest of the gate may see and set it. */
export interface ArtControl {
  readonly settings: ArtSettings;
  /** Undefined while the page shows its plain idle picture. */
  readonly title: ArtTitle | undefined;
  change(changes: Partial<ArtSettings>): void;
  /** @returns a function that ends it */
  onTitle(listener: (title: ArtTitle | undefined) => void): () => void;
}
