// The part of the WebAssembly interface that the kernel uses; Node's own types leave it to browsers.
declare namespace WebAssembly {
  class Memory {
    constructor(size: { readonly initial: number });
    readonly buffer: ArrayBuffer;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: { readonly here: { readonly memory: Memory } });
    readonly exports: Readonly<Record<string, unknown>>;
  }
}
