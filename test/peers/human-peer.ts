import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import type { RgbImage } from '../../src/numeric/sample-image.ts';
import type { Peer } from './peer.ts';

export interface HumanPeerOptions {
  /** Folder that its packages were installed in. */
  readonly folder: string;
  readonly name: string;
  readonly tasks: string;
  /** Its own defaults skip work between like frames; false has every model run on every frame. */
  readonly mayReuse: boolean;
}

/** @vladmandic/human on tfjs-wasm, without the tasks that a door does not have. */
export async function openHuman(options: HumanPeerOptions): Promise<Peer> {
  const packages = join(options.folder, 'node_modules');
  const require = createRequire(join(options.folder, 'package.json'));
  const { Human } = require(join(packages, '@vladmandic/human/dist/human.node-wasm.js'));
  const models = await serveFolder(join(packages, '@vladmandic/human/models'));
  const everyFrame = options.mayReuse ? {} : { skipFrames: 0, skipTime: 0 };
  const on = { enabled: true, ...everyFrame };
  const off = { enabled: false };
  const human = new Human({
    backend: 'wasm',
    wasmPath: join(packages, '@tensorflow/tfjs-backend-wasm/dist/'),
    modelBasePath: models.url,
    debug: false,
    ...(options.mayReuse ? {} : { cacheSensitivity: 0 }),
    filter: off,
    gesture: off,
    body: off,
    hand: off,
    object: off,
    segmentation: off,
    face: {
      enabled: true,
      detector: { ...everyFrame },
      mesh: on,
      iris: off,
      description: on,
      emotion: off,
      antispoof: on,
      liveness: on,
    },
  });
  await human.load();
  models.close();
  const detect = async ({ rgb, widthPx, heightPx }: RgbImage) => {
    const tensor = human.tf.tensor3d(rgb, [heightPx, widthPx, 3], 'int32');
    const { face } = await human.detect(tensor);
    tensor.dispose();
    return face;
  };
  return {
    name: options.name,
    tasks: options.tasks,
    observe: async (frame) => (await detect(frame)).length,
    async encode(photo) {
      const faces = await detect(photo);
      const largest = faces.sort((a: Sized, b: Sized) => areaOf(b) - areaOf(a))[0];
      return largest?.embedding === undefined ? undefined : Float32Array.from(largest.embedding);
    },
    compare: (left, right) => human.match.similarity([...left], [...right]),
    close: () => Promise.resolve(),
  };
}

interface Sized {
  readonly size: readonly [number, number];
}

const areaOf = ({ size: [width, height] }: Sized): number => width * height;

/** Its loader asks for models over HTTP. */
async function serveFolder(
  folder: string,
): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer((request, response) => {
    const name = basename(new URL(request.url ?? '/', 'http://localhost').pathname);
    readFile(join(folder, name)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
