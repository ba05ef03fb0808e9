import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * How the library gets its WebAssembly: from its own folder, once. By itself it would ask the network, which a gate
 * does not have, for code that nobody has looked at.
 */
export const onceFromDisk = (part: 'reader' | 'writer') => ({
  overrides: { wasmBinary: webAssemblyOf(part) },
  // Whatever was given first stays: another would be compiled anew for every picture.
  equalityFn: (held: { readonly wasmBinary?: unknown }) => held.wasmBinary !== undefined,
});

function webAssemblyOf(part: 'reader' | 'writer'): ArrayBuffer {
  const url = import.meta.resolve(`zxing-wasm/${part}/zxing_${part}.wasm`);
  return Uint8Array.from(readFileSync(fileURLToPath(url))).buffer;
}
