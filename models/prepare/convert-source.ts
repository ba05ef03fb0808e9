import { z } from 'zod';
import { decodeGraph } from '../../src/graph/decode-graph.ts';
import { encodeGraph } from '../../src/graph/encode-graph.ts';
import type { Graph } from '../../src/graph/graph.ts';
import type { NetworkManifest } from '../../src/inference/manifest.ts';
import { conversionFault } from './conversion-fault.ts';
import { recognitionNet } from './face-api/recognition-net.ts';
import { convertLayersModel } from './nsfwjs/convert-layers-model.ts';
import { readLayersModel } from './nsfwjs/layers-model.ts';
import { expandParametricRelu } from './passes/expand-parametric-relu.ts';
import { mergeLimits } from './passes/merge-limits.ts';
import { convertGraphModel } from './tfjs/convert-graph-model.ts';
import { readGraphModel } from './tfjs/graph-model.ts';
import { decodeWeights, weightSpecSchema } from './tfjs/weights.ts';

/** The checked files of a source, by the name the manifest gives them. */
export type SourceFiles = ReadonlyMap<string, Uint8Array>;
type Conversion = Pick<NetworkManifest, 'id' | 'conversion'>;

/**
 * Makes the ONNX file of a model. The same files always give the same bytes.
 * @throws PORTICO_MODEL_CONVERT when the files are not what the converter reads
 * @throws PORTICO_GRAPH_INVALID when their shapes do not fit together
 */
export function convertSource({ id, conversion }: Conversion, files: SourceFiles): Uint8Array {
  switch (conversion.converter) {
    case 'none':
      return only(id, files, '.onnx');
    case 'onnx':
      return finish(decodeGraph(only(id, files, '.onnx'), id));
    case 'tfjs-graph': {
      const model = readGraphModel(only(id, files, '.json'), only(id, files, '.bin'), id);
      const { outputs } = conversion;
      if (outputs === undefined) return conversionFault(id, 'the manifest names no outputs');
      return finish(convertGraphModel(model, id, outputs));
    }
    case 'tfjs-layers-module': {
      const { outputs } = conversion;
      if (outputs === undefined) return conversionFault(id, 'the manifest names no outputs');
      return finish(convertLayersModel(readLayersModel(files, id), id, outputs));
    }
    case 'face-api-recognition': {
      const specs = faceApiSpecs(only(id, files, '.json'), id);
      return finish(recognitionNet(decodeWeights(specs, only(id, files, '.bin'), id), id));
    }
  }
}

/** What every graph that we write goes through before it is stored. */
const finish = (graph: Graph): Uint8Array => encodeGraph(mergeLimits(expandParametricRelu(graph)));

function only(id: string, files: SourceFiles, ending: string): Uint8Array {
  const found = [...files].filter(([name]) => name.endsWith(ending));
  const [file] = found;
  return file !== undefined && found.length === 1
    ? file[1]
    : conversionFault(id, `the source must hold one ${ending} file, it holds ${found.length}`);
}

const faceApiManifest = z.array(z.object({ weights: z.array(weightSpecSchema) }));

function faceApiSpecs(json: Uint8Array, id: string) {
  try {
    const groups = faceApiManifest.parse(JSON.parse(new TextDecoder().decode(json)));
    return groups.flatMap((group) => group.weights);
  } catch (cause) {
    return conversionFault(id, 'is not a weights manifest of face-api', cause);
  }
}
