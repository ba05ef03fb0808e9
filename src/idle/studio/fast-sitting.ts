import { EVERY_STYLE } from '../../domain/art.ts';
import type { MonotonicMs } from '../../domain/units.ts';
import type { EaselStyle } from './easel-messages.ts';
import { contentOf, PAUSE_MS, type Sitting, type SittingParts } from './sitting.ts';
import { type StyleMoment, styleAt } from './style-rotation.ts';

/** One style passes into the next so slowly that nobody sees when. */
const STYLE_FADE_MS = 12_000;
/** From one picture of the gallery to the next. */
const PICTURE_FADE_MS = 3_000;

/** The trained net, picture after picture: the camera's as they come, the gallery's when they change. */
export class FastSitting implements Sitting {
  readonly #parts: SittingParts;
  readonly #periodMs: number;
  readonly #beganAtMs: MonotonicMs;
  #last: { readonly name: string | undefined; readonly weights: string } | undefined;

  constructor(parts: SittingParts, picturesPerSecond: number) {
    this.#parts = parts;
    this.#periodMs = 1_000 / picturesPerSecond;
    this.#beganAtMs = parts.clock.now();
  }

  async sit(): Promise<void> {
    const { clock, gate, gallery, keeper, permission, pause } = this.#parts;
    const beganMs = clock.now();
    const { easel, styles } = await keeper.ready();
    const moment = this.#moment(styles);
    const content = await contentOf(this.#parts, moment.index);
    if (content === undefined) return pause(PAUSE_MS);
    const weights = moment.weights.join();
    const isSamePicture = content.name === this.#last?.name;
    // The camera's picture is never the same; the gallery's need not be painted twice.
    if (gallery !== undefined && isSamePicture && weights === this.#last?.weights) {
      return pause(PAUSE_MS);
    }
    if (!permission.isGiven) return;
    const reply = await easel.ask({ kind: 'paint', picture: content, weights: moment.weights });
    if (reply.kind !== 'painted') return;
    this.#last = { name: content.name, weights };
    const style = styles[moment.leading]?.title ?? '';
    const subject = content.name === undefined ? {} : { subject: content.name };
    const fadeMs = Math.round(isSamePicture ? this.#periodMs : PICTURE_FADE_MS);
    gate.picture({ style, manner: 'fast', ...subject }, fadeMs, reply.jpeg);
    await pause(Math.max(0, this.#periodMs - (clock.now() - beganMs)));
  }

  #moment(styles: readonly EaselStyle[]): StyleMoment {
    const { clock, order } = this.#parts;
    const { style = EVERY_STYLE, intervalS = 60 } = order() ?? {};
    const chosen = styles.findIndex(({ name }) => name === style);
    return styleAt(clock.now() - this.#beganAtMs, {
      intervalMs: intervalS * 1_000,
      fadeMs: STYLE_FADE_MS,
      // A style that this painter does not have is as good as none.
      turns: chosen >= 0 ? [chosen] : styles.map((_, index) => index),
      styles: styles.length,
    });
  }
}
