import { PorticoError } from '../domain/errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { RunnableGraph } from './paint.ts';
import { PAINTER_PORTS, type PainterModel, painterGraph } from './painter-model.ts';
import { SIZE_STEP_PX } from './painter-net.ts';
import type { PictureSize } from './painting-graph.ts';

export interface FastPainterOptions {
  readonly open: (graph: Graph) => Promise<RunnableGraph>;
  /** Made ready at once; other sizes are made ready when the first picture of theirs comes. */
  readonly size: PictureSize;
}

/** What stands ready for pictures of one size. */
interface Easel {
  readonly size: PictureSize;
  /** The size that the net is given: the next multiples of {@link SIZE_STEP_PX}. */
  readonly net: PictureSize;
  readonly graph: RunnableGraph;
  readonly planes: Float32Array;
  readonly painted: Uint8Array;
}

/** Paints pictures one after the other, each in one pass of the net. Not reentrant. */
export class FastPainter {
  readonly #model: PainterModel;
  readonly #options: FastPainterOptions;
  readonly #weights: Float32Array;
  #easel: Easel;

  private constructor(model: PainterModel, options: FastPainterOptions, easel: Easel) {
    this.#model = model;
    this.#options = options;
    this.#weights = new Float32Array(model.design.styles);
    this.#easel = easel;
  }

  /** @throws PORTICO_MODEL_RUN when the engine refuses the net */
  static async open(model: PainterModel, options: FastPainterOptions): Promise<FastPainter> {
    return new FastPainter(model, options, await openEasel(model, options, options.size));
  }

  /** In the order of the style weights. */
  get styles(): PainterModel['styles'] {
    return this.#model.styles;
  }

  /**
   * @param rgb packed bytes, (height, width, 3), at least 16 pixels each way
   * @param styleWeights how much of each style, >= 0; they are divided by their sum
   * @returns packed bytes of the same size, the painter's own: valid until the next call
   * @throws PORTICO_NUMERIC_SHAPE when the buffer or the weights do not fit
   * @throws PORTICO_MODEL_RUN when the engine fails
   */
  async paint(
    rgb: Uint8Array,
    widthPx: number,
    heightPx: number,
    styleWeights: Float32Array,
  ): Promise<Uint8Array> {
    this.#setWeights(styleWeights);
    if (rgb.length !== 3 * widthPx * heightPx) {
      misfit(`${rgb.length} bytes are not ${widthPx} x ${heightPx} pixels of three`);
    }
    const easel = await this.#easelFor({ widthPx, heightPx });
    toPlanes(rgb, easel);
    const results = await easel.graph.run({
      [PAINTER_PORTS.pixels]: easel.planes,
      [PAINTER_PORTS.styleWeights]: this.#weights,
    });
    toBytes(results.get(PAINTER_PORTS.painted) ?? easel.planes, easel);
    return easel.painted;
  }

  close(): Promise<void> {
    return this.#easel.graph.close();
  }

  #setWeights(styleWeights: Float32Array): void {
    const sum = styleWeights.reduce((total, weight) => total + weight, 0);
    const fits = styleWeights.length === this.#weights.length && sum > 0 && Number.isFinite(sum);
    if (!fits || styleWeights.some((weight) => weight < 0)) {
      misfit(`[${styleWeights.join(', ')}] are no weights of ${this.#weights.length} styles`);
    }
    for (const [index, weight] of styleWeights.entries()) this.#weights[index] = weight / sum;
  }

  async #easelFor(size: PictureSize): Promise<Easel> {
    const { widthPx, heightPx } = this.#easel.size;
    if (size.widthPx === widthPx && size.heightPx === heightPx) return this.#easel;
    const easel = await openEasel(this.#model, this.#options, size);
    await this.#easel.graph.close();
    this.#easel = easel;
    return easel;
  }
}

async function openEasel(
  model: PainterModel,
  { open }: FastPainterOptions,
  size: PictureSize,
): Promise<Easel> {
  const whole = (length: number) => Math.ceil(length / SIZE_STEP_PX) * SIZE_STEP_PX;
  const net = { widthPx: whole(size.widthPx), heightPx: whole(size.heightPx) };
  return {
    size,
    net,
    graph: await open(painterGraph(model, net)),
    planes: new Float32Array(3 * net.widthPx * net.heightPx),
    painted: new Uint8Array(3 * size.widthPx * size.heightPx),
  };
}

/** Bytes to planes in [0, 1]; what the net needs beyond the picture repeats its edge. */
function toPlanes(rgb: Uint8Array, { size, net, planes }: Easel): void {
  const area = net.widthPx * net.heightPx;
  let to = 0;
  for (let y = 0; y < net.heightPx; y++) {
    const row = Math.min(y, size.heightPx - 1) * size.widthPx;
    for (let x = 0; x < net.widthPx; x++, to++) {
      const from = 3 * (row + Math.min(x, size.widthPx - 1));
      planes[to] = (rgb[from] ?? 0) / 255;
      planes[to + area] = (rgb[from + 1] ?? 0) / 255;
      planes[to + 2 * area] = (rgb[from + 2] ?? 0) / 255;
    }
  }
}

function toBytes(planes: Float32Array, { size, net, painted }: Easel): void {
  const area = net.widthPx * net.heightPx;
  let to = 0;
  for (let y = 0; y < size.heightPx; y++) {
    let from = y * net.widthPx;
    for (let x = 0; x < size.widthPx; x++, from++) {
      // The typed array cuts the half off that rounding adds.
      painted[to++] = (planes[from] ?? 0) * 255 + 0.5;
      painted[to++] = (planes[from + area] ?? 0) * 255 + 0.5;
      painted[to++] = (planes[from + 2 * area] ?? 0) * 255 + 0.5;
    }
  }
}

function misfit(message: string): never {
  throw new PorticoError('PORTICO_NUMERIC_SHAPE', {
    message,
    remedy: 'Give packed RGB bytes, and one weight per style of the painter.',
  });
}
