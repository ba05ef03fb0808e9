import { decodeGraph } from '../../src/graph/decode-graph.ts';
import type { GraphValue } from '../../src/graph/graph.ts';
import type { NetworkManifest } from '../../src/inference/manifest.ts';
import { shapeFault } from './model-faults.ts';

interface Port {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Compares the inputs and outputs of an ONNX file with what its manifest promises the callers.
 * @throws PORTICO_MODEL_SHAPE naming the model and the first input or output that differs
 */
export function checkSignature(manifest: NetworkManifest, onnx: Uint8Array): void {
  const graph = decodeGraph(onnx, manifest.id);
  const fail = (what: string) => shapeFault({ file: manifest.id, what });
  if (graph.inputs.length !== 1) fail(`has ${graph.inputs.length} inputs, not one`);
  if (graph.opset !== manifest.conversion.opset) {
    fail(`has opset ${graph.opset}, the manifest says ${manifest.conversion.opset}`);
  }
  checkPort('input', manifest.input, graph.inputs, fail);
  for (const output of manifest.outputs) checkPort('output', output, graph.outputs, fail);
}

function checkPort(
  kind: string,
  port: Port,
  values: readonly GraphValue[],
  fail: (what: string) => never,
): void {
  const names = values.map(({ name }) => `"${name}"`).join(', ');
  const value =
    values.find(({ name }) => name === port.name) ??
    fail(`has no ${kind} "${port.name}", only ${names}`);
  // A size that the file leaves open fits any promise.
  const fits =
    value.shape.length === port.shape.length &&
    value.shape.every((size, axis) => typeof size === 'string' || size === port.shape[axis]);
  if (!fits) {
    const [is, says] = [value.shape.join(','), port.shape.join(',')];
    fail(`${kind} "${port.name}" is [${is}], the manifest says [${says}]`);
  }
}
