import { createRequire } from 'node:module';
import type * as onnxruntime from 'onnxruntime-node';
import { ModelError } from '../domain/errors.ts';

/** What Portico uses of ONNX Runtime's Node binding. */
export type Engine = Pick<typeof onnxruntime, 'InferenceSession' | 'Tensor'>;

const BUNDLED = 'onnxruntime-node';

/**
 * Loads the inference engine.
 * @param moduleFolder  absolute path of a package built for this board (its binding and libraries of
 *                      one version); absent: the bundled onnxruntime-node
 * @throws PORTICO_MODEL_PROVIDER when it cannot be loaded or is not ONNX Runtime
 */
export function loadEngine(moduleFolder?: string): Engine {
  const name = moduleFolder ?? BUNDLED;
  let loaded: unknown;
  try {
    loaded = createRequire(import.meta.url)(name);
  } catch (cause) {
    throw engineError(`the inference engine ${name} cannot be loaded`, cause);
  }
  if (!isEngine(loaded)) throw engineError(`${name} is not a Node binding of ONNX Runtime`);
  return loaded;
}

function isEngine(loaded: unknown): loaded is Engine {
  if (typeof loaded !== 'object' || loaded === null) return false;
  return 'InferenceSession' in loaded && 'Tensor' in loaded;
}

function engineError(message: string, cause?: unknown): ModelError {
  return new ModelError('PORTICO_MODEL_PROVIDER', {
    message,
    remedy:
      'Reinstall the packages, or point inference.engineModule at a binding built for this board and its libraries.',
    cause,
  });
}
