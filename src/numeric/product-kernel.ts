/**
 * The inner loop of the search, rows of int8 with a probe of int16, as WebAssembly with 128-bit vectors: V8
 * has no vectors in JavaScript, and without them a scan is bound by the adder instead of by memory. Written out as instructions,
 * because a compiler for these few would be the largest thing here.
 *
 * Source of the codes: WebAssembly core specification 2.0, section 5.4 (binary format of instructions).
 */

/** multiply(matrix, rows, rowBytes, probe, products): addresses in bytes; products are int32. */
export type ProductKernel = (
  matrix: number,
  rows: number,
  rowBytes: number,
  probe: number,
  products: number,
) => void;

const VECTOR_BYTES = 16;
/** Eight bytes of a row are widened to a vector of words at a time. */
const ROW_STEP_BYTES = VECTOR_BYTES / 2;
const PRODUCT_BYTES = 4;
/** Sums side by side, so that the adder never waits for itself. */
const SUMS = 4;
/** Columns that one turn of the inner loop takes. */
export const KERNEL_COLUMNS = SUMS * ROW_STEP_BYTES;

const I32 = 0x7f;
const V128 = 0x7b;
const EMPTY_BLOCK = 0x40;

type Code = readonly number[];

/** Numbers in groups of seven bits, the lowest first. */
const unsigned = (value: number): Code =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
/** The same for numbers that may be negative: a bit is left for the sign. */
const signed = (value: number): Code =>
  value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
const get = (local: number): Code => [0x20, local];
const set = (local: number, value: Code): Code => [...value, 0x21, local];
const i32 = (value: number): Code => [0x41, ...signed(value)];
const add = (left: Code, right: Code): Code => [...left, ...right, 0x6a];
const subtract = (left: Code, right: Code): Code => [...left, ...right, 0x6b];
const isBelow = (left: Code, right: Code): Code => [...left, ...right, 0x49];
/** Repeats the body as long as the condition that ends it is not zero. */
const repeat = (body: Code, condition: Code): Code => [
  ...[0x03, EMPTY_BLOCK],
  ...body,
  ...condition,
  ...[0x0d, 0],
  0x0b,
];
const loadVector = (address: Code, offset: number): Code => [...address, 0xfd, 0, 4, offset];
const loadWidened = (address: Code, offset: number): Code => [...address, 0xfd, 1, 3, offset];
const zeroVector: Code = [0xfd, 0x0c, ...new Array<number>(VECTOR_BYTES).fill(0)];
const addVectors = (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0xae, 1];
/** Products of words, neighbours added: four integers. */
const multiplyPairs = (left: Code, right: Code): Code => [...left, ...right, 0xfd, 0xba, 1];
const lane = (vector: Code, index: number): Code => [...vector, 0xfd, 0x1b, index];
const store = (address: Code, value: Code): Code => [...address, ...value, 0x36, 2, 0];

// Locals: the five parameters, then what the loops count with.
const [MATRIX, ROWS, ROW_BYTES, PROBE, PRODUCTS] = [0, 1, 2, 3, 4];
const [CURSOR, PROBE_END, FIRST_SUM] = [5, 6, 7];
const eachSum = (code: (sum: number, index: number) => Code): Code =>
  Array.from({ length: SUMS }, (_, index) => code(FIRST_SUM + index, index)).flat();

const turn: Code = [
  ...eachSum((sum, index) => {
    const row = loadWidened(get(MATRIX), index * ROW_STEP_BYTES);
    const probe = loadVector(get(CURSOR), index * VECTOR_BYTES);
    return set(sum, addVectors(get(sum), multiplyPairs(row, probe)));
  }),
  ...set(MATRIX, add(get(MATRIX), i32(SUMS * ROW_STEP_BYTES))),
  ...set(CURSOR, add(get(CURSOR), i32(SUMS * VECTOR_BYTES))),
];

const [FIRST, SECOND, THIRD, FOURTH] = [FIRST_SUM, FIRST_SUM + 1, FIRST_SUM + 2, FIRST_SUM + 3];
const total: Code = [
  ...set(
    FIRST,
    addVectors(addVectors(get(FIRST), get(SECOND)), addVectors(get(THIRD), get(FOURTH))),
  ),
  ...add(
    add(lane(get(FIRST), 0), lane(get(FIRST), 1)),
    add(lane(get(FIRST), 2), lane(get(FIRST), 3)),
  ),
];

/** One row at a time: a single stream through memory is what the prefetcher follows best. */
const oneRow: Code = [
  ...set(CURSOR, get(PROBE)),
  ...eachSum((sum) => set(sum, zeroVector)),
  ...repeat(turn, isBelow(get(CURSOR), get(PROBE_END))),
  ...store(get(PRODUCTS), total),
  ...set(PRODUCTS, add(get(PRODUCTS), i32(PRODUCT_BYTES))),
  ...set(ROWS, subtract(get(ROWS), i32(1))),
];

const body: Code = [
  // The probe has two bytes for each of a row.
  ...set(PROBE_END, add(get(PROBE), add(get(ROW_BYTES), get(ROW_BYTES)))),
  ...repeat(oneRow, isBelow(i32(0), get(ROWS))),
];

const text = (word: string): Code => [word.length, ...new TextEncoder().encode(word)];
const sized = (content: Code): Code => [...unsigned(content.length), ...content];
const section = (id: number, content: Code): Code => [id, ...sized(content)];

const MODULE = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [1, 0x60, 5, I32, I32, I32, I32, I32, 0]),
  ...section(2, [1, ...text('here'), ...text('memory'), 2, 0, 1]),
  ...section(3, [1, 0]),
  ...section(7, [1, ...text('multiply'), 0, 0]),
  ...section(10, [1, ...sized([2, 2, I32, SUMS, V128, ...body, 0x0b])]),
]);

let compiled: WebAssembly.Module | undefined;

/** The kernel on this memory. */
export function productKernel(memory: WebAssembly.Memory): ProductKernel {
  compiled ??= new WebAssembly.Module(MODULE);
  const { exports } = new WebAssembly.Instance(compiled, { here: { memory } });
  return exports['multiply'] as ProductKernel;
}
