import { ModelError } from '../../src/domain/errors.ts';

/** @throws PORTICO_MODEL_CONVERT always, naming the file or node that cannot be converted */
export function conversionFault(where: string, what: string, cause?: unknown): never {
  throw new ModelError('PORTICO_MODEL_CONVERT', {
    message: `${where}: ${what}`,
    remedy: 'Check that the manifest names the right converter and files for this model.',
    cause,
    context: { where },
  });
}
