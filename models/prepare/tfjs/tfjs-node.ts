import { z } from 'zod';
import { conversionFault } from '../conversion-fault.ts';

// Protobuf's JSON form: 64-bit integers are strings, byte strings are base64.
const integer = z.union([z.number(), z.string()]).transform(Number);
const bytes = z.string().transform((value) => Buffer.from(value, 'base64').toString('utf8'));
const attributeSchema = z.object({
  i: integer.optional(),
  f: z.number().optional(),
  b: z.boolean().optional(),
  s: bytes.optional(),
  type: z.string().optional(),
  shape: z.object({ dim: z.array(z.object({ size: integer })).optional() }).optional(),
  list: z.object({ i: z.array(integer).optional(), s: z.array(bytes).optional() }).optional(),
});

export const tfjsNodeSchema = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).optional(),
  attr: z.record(z.string(), attributeSchema).optional(),
});

/** One node of a TensorFlow.js graph, with typed access to its attributes. */
export class TfjsNode {
  readonly name: string;
  readonly op: string;
  /** Names of the producing nodes; control inputs are left out. */
  readonly inputs: readonly string[];
  readonly #attributes: z.infer<typeof tfjsNodeSchema>['attr'];

  constructor(node: z.infer<typeof tfjsNodeSchema>) {
    this.name = node.name;
    this.op = node.op;
    this.inputs = (node.input ?? [])
      .filter((input) => !input.startsWith('^'))
      .map((input) => input.replace(/:0$/, ''));
    this.#attributes = node.attr;
  }

  fail(what: string): never {
    return conversionFault(`node "${this.name}" (${this.op})`, what);
  }

  input(index: number): string {
    return this.inputs[index] ?? this.fail(`has no input ${index}`);
  }

  text(name: string, whenAbsent: string): string {
    return this.#attribute(name)?.s ?? whenAbsent;
  }

  texts(name: string): readonly string[] {
    return this.#attribute(name)?.list?.s ?? [];
  }

  flag(name: string): boolean {
    return this.#attribute(name)?.b ?? false;
  }

  float(name: string, whenAbsent: number): number {
    return this.#attribute(name)?.f ?? whenAbsent;
  }

  ints(name: string): readonly number[] {
    return this.#attribute(name)?.list?.i ?? [];
  }

  /** Sizes of a placeholder; an unknown size is -1. */
  shape(): readonly number[] {
    return this.#attribute('shape')?.shape?.dim?.map(({ size }) => size) ?? [];
  }

  /** The two spatial values of an NHWC attribute such as strides or ksize. */
  spatial(name: string): readonly [number, number] {
    const values = this.ints(name);
    const [batch = 1, height = 1, width = 1, channels = 1] = values;
    if (batch !== 1 || channels !== 1) this.fail(`${name} [${values.join(',')}] leaves the plane`);
    return [height, width];
  }

  #attribute(name: string) {
    return this.#attributes?.[name];
  }
}
