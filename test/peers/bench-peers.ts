// npm run bench:peers: the same frames and the same photographs through Portico and through other libraries
// of the language, in one run on one machine. See docs/peers.md.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { approachScene, DEFAULT_APPROACH, DEMO_FACES, drawFrames } from '../../device/index.ts';
import { type LabelledPair, parsePairsCsv } from '../../src/evaluation/pairs-csv.ts';
import { type PairsReport, pairsReport } from '../../src/evaluation/pairs-report.ts';
import { renderTable } from '../../src/evaluation/render-table.ts';
import { decodePhoto } from '../../src/frame/decode-photo.ts';
import { seededRandom } from '../../src/numeric/random.ts';
import type { RgbImage } from '../../src/numeric/sample-image.ts';
import { demoPhoto } from '../helpers/prepared-vision.ts';
import { SHARED } from '../helpers/shared-data.ts';
import { openFaceApi } from './face-api-peer.ts';
import { openHuman } from './human-peer.ts';
import type { Peer } from './peer.ts';
import { openPortico } from './portico-peer.ts';

const SIZE = { widthPx: 640, heightPx: 480 };
const FRAMES = 24;
const WARM_UP_FRAMES = 6;
const ALL_TASKS = 'detect, mesh, liveness, embedding; all in every frame';

const { values } = parseArgs({
  options: {
    peers: { type: 'string' },
    rounds: { type: 'string', default: '8' },
    pairs: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});

// Two copies of tfjs in one process remark on each other, some hundred lines long.
console.warn = () => undefined;

const peers: readonly Peer[] = [
  await openPortico({
    name: 'portico, every frame anew',
    tasks: `${ALL_TASKS} (512-d)`,
    encoder: 'mobilefacenet-512',
    frameGapMs: 1_000,
  }),
  await openPortico({
    name: 'portico, as a gate',
    tasks: 'the same; liveness nets every 750 ms',
    encoder: 'mobilefacenet-512',
    frameGapMs: 33,
  }),
  await openHuman({
    folder: values.peers ?? '',
    name: 'human on tfjs-wasm, every frame anew',
    tasks: `${ALL_TASKS} (1024-d)`,
    mayReuse: false,
  }),
  await openHuman({
    folder: values.peers ?? '',
    name: 'human on tfjs-wasm, its defaults',
    tasks: 'the same; reuses results between like frames',
    mayReuse: true,
  }),
  await openFaceApi(),
];

const frames = await drawnFrames();
const speeds = await timeAll(Number(values.rounds));
const accuracies = await compareAll(Number(values.pairs));
if (values.json) console.log(JSON.stringify({ speeds, accuracies }, undefined, 2));
else print();
for (const peer of peers) await peer.close();

/** The resident of the demonstration at the door, as the replay camera shows them. */
async function drawnFrames(): Promise<readonly RgbImage[]> {
  const face = DEMO_FACES.resident;
  const actor = { ...(await demoPhoto(face.picture)), face };
  const drawn = drawFrames(approachScene(actor, SIZE), {
    size: SIZE,
    random: seededRandom(1),
    fromMs: DEFAULT_APPROACH.walkMs,
    everyMs: DEFAULT_APPROACH.stayMs / FRAMES,
    count: FRAMES,
  });
  return drawn.map((rgb) => ({ ...SIZE, rgb }));
}

interface Speed {
  readonly name: string;
  readonly tasks: string;
  readonly medianMs: number;
  readonly framesPerSecond: number;
  readonly facesPerFrame: number;
}

/** The peers take turns, so that a busy moment of the machine strikes them alike. */
async function timeAll(rounds: number): Promise<readonly Speed[]> {
  const times = new Map<Peer, number[]>(peers.map((peer) => [peer, []]));
  const found = new Map<Peer, number>(peers.map((peer) => [peer, 0]));
  for (const peer of peers) {
    for (const frame of frames.slice(0, WARM_UP_FRAMES)) await peer.observe(frame);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const peer of peers) {
      for (const frame of frames) {
        const began = performance.now();
        const faces = await peer.observe(frame);
        times.get(peer)?.push(performance.now() - began);
        found.set(peer, (found.get(peer) ?? 0) + faces);
      }
    }
  }
  return peers.map((peer) => {
    const sorted = (times.get(peer) ?? []).sort((a, b) => a - b);
    const sumMs = sorted.reduce((sum, ms) => sum + ms, 0);
    return {
      name: peer.name,
      tasks: peer.tasks,
      medianMs: sorted[sorted.length >> 1] ?? Number.NaN,
      framesPerSecond: (1_000 * sorted.length) / sumMs,
      facesPerFrame: (found.get(peer) ?? 0) / sorted.length,
    };
  });
}

/** The first pairs of either kind from pairs-dev, by each library that describes faces in its own way. */
async function compareAll(count: number): Promise<readonly PairsReport[]> {
  if (count === 0) return [];
  const list = join(SHARED, 'faces', 'pairs-dev.csv');
  const all = parsePairsCsv(readFileSync(list, 'utf8'), list);
  const kind = (mated: boolean) => all.filter((pair) => pair.mated === mated).slice(0, count / 2);
  const pairs = [...kind(true), ...kind(false)];
  const reports: PairsReport[] = [];
  for (const peer of peers.filter((_, index) => [0, 2, 4].includes(index))) {
    reports.push(await comparePairsBy(peer, pairs));
  }
  return reports;
}

async function comparePairsBy(peer: Peer, pairs: readonly LabelledPair[]): Promise<PairsReport> {
  const vectors = new Map<string, Float32Array | undefined>();
  const paths = new Set(pairs.flatMap(({ left, right }) => [left, right]));
  for (const path of paths) {
    vectors.set(path, await peer.encode(await decodePhoto(join(SHARED, 'faces', 'lfw', path))));
    if (vectors.size % 50 === 0) console.error(`${peer.name}: ${vectors.size} of ${paths.size}`);
  }
  const compared = pairs.map((pair) => {
    const left = vectors.get(pair.left);
    const right = vectors.get(pair.right);
    const isKnown = left !== undefined && right !== undefined;
    const similarity = isKnown ? peer.compare(left, right) : ('not-acquired' as const);
    return { ...pair, similarity };
  });
  const notAcquired = [...vectors.values()].filter((vector) => vector === undefined).length;
  return pairsReport(peer.name, compared, { notAcquired, pictures: vectors.size });
}

function print(): void {
  const slowest = speeds[2]?.framesPerSecond ?? Number.NaN;
  console.log(
    renderTable(
      ['library', 'median ms', 'frames/s', 'ratio', 'tasks'],
      speeds.map(({ name, medianMs, framesPerSecond, tasks }) => [
        name,
        medianMs.toFixed(1),
        framesPerSecond.toFixed(1),
        (framesPerSecond / slowest).toFixed(1),
        tasks,
      ]),
    ),
  );
  for (const { encoder, pairs, fta, accuracy, tarAtFmr } of accuracies) {
    const [loose, strict] = tarAtFmr;
    console.log(
      `${encoder}: ${pairs} pairs, accuracy ${(100 * accuracy.mean).toFixed(2)} %, ` +
        `TAR ${(100 * (loose?.tar ?? 0)).toFixed(1)} % at FMR 1e-2, ${(100 * (strict?.tar ?? 0)).toFixed(1)} % at 1e-3, FTA ${(100 * fta).toFixed(2)} %`,
    );
  }
}
