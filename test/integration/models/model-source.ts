import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { NpmClient } from '../../../models/prepare/npm-client.ts';
import { encodeGraph } from '../../../src/graph/encode-graph.ts';
import { graphBuilder } from '../../../src/graph/graph-builder.ts';
import type { ModelSource } from '../../../src/inference/manifest.ts';

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** A network of one convolution: small, but a real ONNX file. */
export function tinyModel(): Uint8Array {
  const g = graphBuilder('tiny');
  const x = g.input('input', [1, 3, 4, 4]);
  const weights = g.constant([2, 3, 1, 1], Float32Array.of(1, 2, 3, 4, 5, 6));
  g.output('output', g.conv(x, { weights }));
  return encodeGraph(g.build());
}

export const TINY_INPUT = {
  name: 'input',
  shape: [1, 3, 4, 4],
  layout: 'NCHW',
  colourOrder: 'rgb',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

/** A manifest for {@link tinyModel} (or for whatever `changes` say). */
export function tinyManifest(source: ModelSource, changes: Record<string, unknown> = {}) {
  const bytes = tinyModel();
  return {
    schemaVersion: 1,
    id: 'tiny',
    kind: 'network',
    task: 'face-detection',
    description: 'one convolution',
    licence: { package: 'MIT', weights: 'ours', origin: 'this test' },
    source,
    conversion: { converter: 'none', opset: 18 },
    prepared: { sha256: sha256(bytes), bytes: bytes.byteLength },
    input: TINY_INPUT,
    outputs: [{ name: 'output', shape: [1, 2, 4, 4], meaning: 'nothing' }],
    crop: { from: 'frame', boxScale: 1, align: 'none' },
    ...changes,
  };
}

export interface Workplace {
  readonly modelsDir: string;
  readonly cacheDir: string;
  /** Writes `models/<id>/manifest.json`. */
  readonly describe: (manifest: { readonly id: string }) => void;
}

export function workplace(): Workplace {
  const root = mkdtempSync(join(tmpdir(), 'portico-models-'));
  const [modelsDir, cacheDir] = [join(root, 'models'), join(root, 'cache')];
  return {
    modelsDir,
    cacheDir,
    describe(manifest) {
      mkdirSync(join(modelsDir, manifest.id), { recursive: true });
      writeFileSync(join(modelsDir, manifest.id, 'manifest.json'), JSON.stringify(manifest));
    },
  };
}

/** A package tarball as npm makes it. */
export async function tarball(files: Readonly<Record<string, Uint8Array>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, bytes] of Object.entries(files)) {
    archive.entry({ name: `package/${name}` }, Buffer.from(bytes));
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) {
    if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  }
  return gzipSync(Buffer.concat(chunks));
}

export const integrity = (bytes: Uint8Array): string =>
  `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

export interface Registry {
  readonly url: string;
  /** One entry per request: its path and its Range header. */
  readonly requests: string[];
  /** An npm that asks this registry, and whose own `pack` always fails. */
  readonly npm: NpmClient;
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A registry on this machine that answers every request the same way. */
export async function startRegistry(answer: Answer): Promise<Registry> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.range ?? ''}`.trim());
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    requests,
    npm: {
      settings: async () => ({ registryOf: () => url, usesProxy: false }),
      pack: async () => {
        throw new Error('npm is not here');
      },
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Serves bytes with support for continuing. */
export const serve =
  (bytes: Uint8Array): Answer =>
  (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = bytes.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': rest.byteLength,
      ...(from > 0
        ? { 'content-range': `bytes ${from}-${bytes.byteLength - 1}/${bytes.byteLength}` }
        : {}),
    });
    response.end(rest);
  };
