import { KERNEL_COLUMNS, type ProductKernel, productKernel } from './product-kernel.ts';

const PAGE_BYTES = 65_536;

/** D rounded up to what the kernel takes at once; the columns beyond D are zero. */
export const strideOf = (dimension: number): number =>
  Math.ceil(dimension / KERNEL_COLUMNS) * KERNEL_COLUMNS;

/** A matrix in memory that the vector kernel reaches, with room for a probe and the products. */
export class RowProducts {
  /** (capacity, stride) float32, row-major. */
  readonly matrix: Float32Array;
  readonly stride: number;
  readonly #probe: Float32Array;
  readonly #products: Float32Array;
  readonly #kernel: ProductKernel;

  /** @param stride  as {@link strideOf} gives it */
  constructor(capacity: number, stride: number) {
    const bytes = 4 * (stride + capacity + capacity * stride);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
    this.stride = stride;
    // The matrix first: its rows lie on cache lines then.
    this.matrix = new Float32Array(memory.buffer, 0, capacity * stride);
    this.#probe = new Float32Array(memory.buffer, this.matrix.byteLength, stride);
    this.#products = new Float32Array(
      memory.buffer,
      this.matrix.byteLength + this.#probe.byteLength,
      capacity,
    );
    this.#kernel = productKernel(memory);
  }

  /**
   * Inner products of the first rows with a vector, in float32.
   * @param probe  (D) at most stride
   * @returns (>= rows) overwritten by the next call
   */
  multiply(probe: Float32Array, rows: number): Float32Array {
    this.#probe.fill(0).set(probe);
    const { matrix } = this;
    if (rows > 0) {
      this.#kernel(
        matrix.byteOffset,
        rows,
        4 * this.stride,
        this.#probe.byteOffset,
        this.#products.byteOffset,
      );
    }
    return this.#products;
  }
}
