import { KERNEL_COLUMNS, type ProductKernel, productKernel } from './product-kernel.ts';

const PAGE_BYTES = 65_536;
const LARGEST_BYTE = 127;
/** So small that no sum of products leaves 32 bits, up to 2,048 columns. */
const LARGEST_WORD = 8_191;
/** Room for what the arithmetic of the bounds rounds away itself. */
const SLACK = 1e-6;

/**
 * Rows to multiply a probe with: as they are, and in eight bits a number, each row with a scale of its own
 * and the length of what rounding took from it. The kernel reads the bytes, a quarter of the memory; the
 * lengths bound how far it may be off. Meant for unit rows: SLACK is for products of about one.
 */
export class RowProducts {
  /** D */
  readonly dimension: number;
  /** (capacity, D) float32, row-major. */
  readonly matrix: Float32Array;
  readonly #stride: number;
  readonly #bytes: Int8Array;
  readonly #probeWords: Int16Array;
  readonly #products: Int32Array;
  readonly #kernel: ProductKernel;
  /** What one step of a row's bytes stands for. */
  readonly #scales: Float64Array;
  /** Length of what rounding took from a row. */
  readonly #losses: Float64Array;
  /** Length of a row and its loss together. */
  readonly #reaches: Float64Array;
  #probe: Quantised = { scale: 0, length: 0, loss: 0 };

  constructor(capacity: number, dimension: number) {
    const stride = Math.ceil(dimension / KERNEL_COLUMNS) * KERNEL_COLUMNS;
    const [probeAt, productsAt] = [capacity * stride, capacity * stride + 2 * stride];
    const pages = Math.ceil((productsAt + 4 * capacity) / PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: pages });
    this.dimension = dimension;
    this.matrix = new Float32Array(capacity * dimension);
    this.#stride = stride;
    // The bytes first: their rows lie on cache lines then.
    this.#bytes = new Int8Array(memory.buffer, 0, capacity * stride);
    this.#probeWords = new Int16Array(memory.buffer, probeAt, stride);
    this.#products = new Int32Array(memory.buffer, productsAt, capacity);
    this.#kernel = productKernel(memory);
    this.#scales = new Float64Array(capacity);
    this.#losses = new Float64Array(capacity);
    this.#reaches = new Float64Array(capacity);
  }

  /** @param values  (D) */
  setRow(row: number, values: Float32Array): void {
    this.matrix.set(values, row * this.dimension);
    const { scale, length, loss } = quantise(values, LARGEST_BYTE, this.#bytes, row * this.#stride);
    this.#scales[row] = scale;
    this.#losses[row] = loss;
    this.#reaches[row] = length + loss;
  }

  /** Takes over the rows from `start` up to `end` of another matrix of this dimension. */
  copyRows(from: RowProducts, start: number, end: number, to: number): void {
    const { dimension } = this;
    this.matrix.set(from.matrix.subarray(start * dimension, end * dimension), to * dimension);
    const bytes = from.#bytes.subarray(start * from.#stride, end * from.#stride);
    this.#bytes.set(bytes, to * this.#stride);
    this.#scales.set(from.#scales.subarray(start, end), to);
    this.#losses.set(from.#losses.subarray(start, end), to);
    this.#reaches.set(from.#reaches.subarray(start, end), to);
  }

  /**
   * Multiplies the first rows; `similarity` and `bound` speak of this probe until the next call.
   * @param probe  (D) or shorter
   */
  multiply(probe: Float32Array, rows: number): void {
    this.#probeWords.fill(0);
    this.#probe = quantise(probe, LARGEST_WORD, this.#probeWords, 0);
    if (rows === 0) return;
    const [probeAt, productsAt] = [this.#probeWords.byteOffset, this.#products.byteOffset];
    this.#kernel(this.#bytes.byteOffset, rows, this.#stride, probeAt, productsAt);
  }

  /** The inner product of a row and the probe, by the bytes. */
  similarity(row: number): number {
    return this.#products[row]! * this.#scales[row]! * this.#probe.scale;
  }

  /**
   * The most by which `similarity` is off. With x = r + e and p = q + d, where r and q are what the bytes
   * say: |x p - r q| = |e p + r d| <= |e| |p| + (|x| + |e|) |d|.
   */
  bound(row: number): number {
    const { length, loss } = this.#probe;
    return this.#losses[row]! * length + this.#reaches[row]! * loss + SLACK;
  }

  /** The inner product of a row with a probe, in float64. */
  exact(row: number, probe: Float32Array): number {
    const { matrix } = this;
    const start = row * this.dimension;
    let sum = 0;
    for (let index = 0; index < probe.length; index += 1) {
      sum += matrix[start + index]! * probe[index]!;
    }
    return sum;
  }
}

interface Quantised {
  /** What one step stands for. */
  readonly scale: number;
  readonly length: number;
  /** Length of what rounding took away. */
  readonly loss: number;
}

function quantise(
  values: Float32Array,
  largest: number,
  into: Int8Array | Int16Array,
  start: number,
): Quantised {
  let peak = 0;
  for (let index = 0; index < values.length; index += 1) {
    peak = Math.max(peak, Math.abs(values[index]!));
  }
  const scale = peak / largest;
  let [squares, lost] = [0, 0];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    const rounded = scale === 0 ? 0 : Math.round(value / scale);
    into[start + index] = rounded;
    squares += value ** 2;
    lost += (value - rounded * scale) ** 2;
  }
  return { scale, length: Math.sqrt(squares), loss: Math.sqrt(lost) };
}
