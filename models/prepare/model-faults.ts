import { type ErrorCode, ModelError } from '../../src/domain/errors.ts';

const AGAIN = 'Run `portico models prepare` again';

interface Fault {
  readonly file: string;
  readonly what: string;
  readonly cause?: unknown;
}

const raise = (code: ErrorCode, remedy: string, { file, what, cause }: Fault): never => {
  throw new ModelError(code, { message: `${file}: ${what}`, remedy, cause, context: { file } });
};

/** @throws PORTICO_MODEL_DOWNLOAD always */
export const downloadFault = (fault: Fault): never =>
  raise(
    'PORTICO_MODEL_DOWNLOAD',
    `Check the network and npm's registry and proxy settings. ${AGAIN}: it continues where it stopped.`,
    fault,
  );

/** @throws PORTICO_MODEL_INTEGRITY always */
export const integrityFault = (fault: Fault): never =>
  raise(
    'PORTICO_MODEL_INTEGRITY',
    `The damaged copy was thrown away. ${AGAIN}; if it fails the same way, the source no longer is what the manifest names: do not use it.`,
    fault,
  );

/** @throws PORTICO_MODEL_CACHE always */
export const cacheFault = (fault: Fault): never =>
  raise(
    'PORTICO_MODEL_CACHE',
    `Make the folder writable and see that the disk is not full, or name another model cache. ${AGAIN}.`,
    fault,
  );

/** @throws PORTICO_MODEL_SHAPE always */
export const shapeFault = (fault: Fault): never =>
  raise(
    'PORTICO_MODEL_SHAPE',
    "Correct the manifest's inputs and outputs, or name the model file they describe.",
    fault,
  );

/** @throws PORTICO_MODEL_MANIFEST always */
export const manifestFault = (fault: Fault): never =>
  raise('PORTICO_MODEL_MANIFEST', 'Correct the manifest; models/README.md describes it.', fault);
