/** Entry point of the painter's process: lives as long as its parent, and paints when it is asked. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { FastPainter } from '../../art/fast-painter.ts';
import { readPainter } from '../../art/painter-model.ts';
import type { Picture } from '../../art/picture.ts';
import { encodePicture } from '../../art/picture-file.ts';
import { smoothStem } from '../../art/smooth-stem.ts';
import { decodeGraph } from '../../graph/decode-graph.ts';
import type { Graph } from '../../graph/graph.ts';
import { loadEngine } from '../../inference/engine.ts';
import { GraphSession } from '../../inference/graph-session.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import type { EaselReply, EaselRequest, EaselSetup, SlowCommission } from './easel-messages.ts';
import { paintSlowly } from './slow-painting.ts';

/** Pictures are shown large and for a moment; the link is within one machine. */
const JPEG_QUALITY = 86;
/** A slow painting is shown so often; each picture costs the page a fade. */
const SHOWN_EVERY_RUNS = 3;

let setup: EaselSetup | undefined;
let painter: FastPainter | undefined;
let goOn: () => void = () => undefined;

const reply = (message: EaselReply): void => {
  process.send?.(message);
};

/** Opens a graph on the first provider that takes it. */
async function openGraph(graph: Graph): Promise<GraphSession> {
  const { engineModule, providers = ['cpu'], threads = 1 } = setup ?? {};
  const engine = loadEngine(engineModule);
  for (const provider of providers.slice(0, -1)) {
    try {
      return await GraphSession.open(engine, graph, { provider, threads });
    } catch {
      // The next one is slower, and there.
    }
  }
  return GraphSession.open(engine, graph, { provider: providers.at(-1) ?? 'cpu', threads });
}

async function paintFast(
  { rgb, widthPx, heightPx }: RgbImage,
  weights: readonly number[],
): Promise<EaselReply> {
  const size = { widthPx, heightPx };
  painter ??= await FastPainter.open(readPainter(setup?.painterFolder ?? ''), {
    open: openGraph,
    size,
  });
  const painted = await painter.paint(rgb, widthPx, heightPx, Float32Array.from(weights));
  const jpeg = await sharp(painted, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
  return { kind: 'painted', jpeg };
}

async function paintSlow(commission: SlowCommission): Promise<EaselReply> {
  const file = setup?.backboneFile;
  if (file === undefined) return { kind: 'failed', detail: 'the style backbone is not prepared' };
  let breaths = 0;
  const picture = await paintSlowly(commission, {
    backbone: smoothStem(decodeGraph(readFileSync(file), 'style-backbone')),
    open: openGraph,
    now: () => performance.now(),
    breathe: async ({ share, runs, picture: now }) => {
      const isShown = now !== undefined && breaths % SHOWN_EVERY_RUNS === 0;
      breaths += 1;
      const jpeg = isShown ? await jpegOf(now()) : undefined;
      const permission = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      reply({ kind: 'waiting', share, runs, jpeg });
      await permission;
    },
  });
  return { kind: 'finished', jpeg: await jpegOf(picture) };
}

const jpegOf = (picture: Picture): Promise<Uint8Array> =>
  encodePicture(picture, 'jpeg', JPEG_QUALITY);

async function answer(request: EaselRequest): Promise<EaselReply | undefined> {
  switch (request.kind) {
    case 'open':
      setup = request.setup;
      return { kind: 'ready', styles: readPainter(setup.painterFolder).styles };
    case 'paint':
      return await paintFast(request.picture, request.weights);
    case 'begin':
      return await paintSlow(request.commission);
    case 'go-on':
      goOn();
      return undefined;
  }
}

process.once('disconnect', () => process.exit(0));
process.on('message', (request: EaselRequest) => {
  void answer(request)
    .catch((fault: unknown): EaselReply => {
      return { kind: 'failed', detail: fault instanceof Error ? fault.message : String(fault) };
    })
    .then((outcome) => {
      if (outcome !== undefined) reply(outcome);
    });
});
