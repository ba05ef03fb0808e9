import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { RunnableGraph } from '../../art/paint.ts';
import { pictureFiles } from '../../art/photo-folder.ts';
import { pictureOf } from '../../art/picture.ts';
import { pictureFormat, rgbBytes } from '../../art/picture-file.ts';
import { writeAtomically } from '../../art/sealed-file.ts';
import { contactSheet, type SheetRow } from '../../art/units/contact-sheet.ts';
import { maximiseUnit } from '../../art/units/maximise-unit.ts';
import { readMiddle } from '../../art/units/read-middle.ts';
import { StrongestPatches } from '../../art/units/strongest-patches.ts';
import { featureGraph, responseGraph, UNIT_PORTS, type UnitNet } from '../../art/units/unit-net.ts';
import { PorticoError } from '../../domain/errors.ts';
import { decodeGraph } from '../../graph/decode-graph.ts';
import type { Graph } from '../../graph/graph.ts';
import { loadEngine } from '../../inference/engine.ts';
import { GraphSession } from '../../inference/graph-session.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import { ensureModels } from '../ensure-models.ts';
import { countFrom } from '../parse-count.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';

interface UnitsOptions {
  readonly model: string;
  readonly layer: string;
  readonly photos?: string;
  readonly out: string;
  readonly units?: readonly number[];
  readonly count: number;
  readonly maximise?: boolean;
  readonly size: number;
  readonly steps: number;
}

/** Patches on a sheet, for each unit. */
const PATCHES = 9;
const SEED = 1;

/** @param art the `portico art` command */
export function addUnitsCommand(art: Command, run: RunCommand): void {
  art
    .command('units')
    .description('what the units of a network’s layer see, as a sheet of pictures')
    .option('--model <id>', 'see `portico models ls`', 'style-backbone')
    .requiredOption('--layer <name>', 'a layer whose units have places: mixed0')
    .option('--photos <folder>', 'the nine patches of these that excite a unit most')
    .option('--maximise', 'a picture made to excite the unit, first in its row')
    .requiredOption('--out <file>', 'png, jpg or webp')
    .option('--units <list>', 'by number: 3,17,40; default: the most telling ones', parseUnits)
    .option('--count <n>', 'how many of the most telling ones', parseCount, 8)
    .option('--size <px>', 'of a made picture', parseCount, 160)
    .option('--steps <n>', 'of making one', parseCount, 192)
    .addHelpText(
      'after',
      '\nExample:\n  portico art units --layer mixed0 --photos photographs --maximise --out units.png',
    )
    .action((options: UnitsOptions) => run((session) => showUnits(session, options)));
}

const parseCount = countFrom(1, 10_000);

function parseUnits(text: string): readonly number[] {
  const units = text.split(',').map(Number);
  if (units.every((unit) => Number.isInteger(unit) && unit >= 0)) return units;
  throw new InvalidArgumentError('numbers of units, with commas between them');
}

async function showUnits(session: Session, options: UnitsOptions): Promise<number> {
  const { terminal } = session;
  const { photos, units, maximise } = options;
  if (photos === undefined && (maximise !== true || units === undefined)) {
    return misuse('give --photos, or --maximise with --units');
  }
  const format = pictureFormat(options.out) ?? misuse('--out must end in .png, .jpg or .webp');
  await ensureModels(session, session.config(), [options.model]);
  const bench = openBench(session, options);
  const patches = photos === undefined ? undefined : await look(session, bench, photos);
  const chosen = units ?? patches?.mostSelective(options.count) ?? [];
  const rows: SheetRow[] = [];
  for (const unit of chosen) {
    const found = patches?.of(unit) ?? [];
    const made = maximise === true ? [await make(session, bench, options, unit)] : [];
    rows.push({ label: `unit ${unit}`, tiles: [...made, ...found.map(({ image }) => image)] });
  }
  await writeAtomically(options.out, await contactSheet(rows, format));
  terminal.clearBar();
  const { down, across } = bench.features.field;
  const fieldPx = [across.last - across.first + 1, down.last - down.first + 1] as const;
  terminal.result({
    model: options.model,
    layer: options.layer,
    fieldPx,
    units: chosen.map((unit) => ({
      unit,
      patches: (patches?.of(unit) ?? []).map(({ photo, response }) => ({ photo, response })),
    })),
    file: options.out,
  });
  terminal.say(
    `✔ ${options.out}: ${chosen.length} units of ${options.layer}, each of which sees ${fieldPx.join(' x ')} pixels`,
  );
  return EXIT.ok;
}

/** The network up to the layer, and what runs it. */
interface UnitBench {
  readonly net: UnitNet;
  readonly features: ReturnType<typeof featureGraph>;
  readonly open: (graph: Graph) => Promise<RunnableGraph>;
}

function openBench(session: Session, { model, layer }: UnitsOptions): UnitBench {
  const config = session.config();
  const { manifest, onnxPath } = session.composition.catalogue(config).resolve(model);
  const [, , heightPx, widthPx] = manifest.input.shape;
  const net = {
    network: decodeGraph(readFileSync(onnxPath), model),
    layer,
    input: manifest.input,
    size: { widthPx, heightPx },
  };
  const { engineModule, threads } = config.inference;
  const engine = loadEngine(engineModule);
  return {
    net,
    features: featureGraph(net),
    open: (graph) => GraphSession.open(engine, graph, { threads }),
  };
}

async function look(
  { terminal, signal }: Session,
  { net, features, open }: UnitBench,
  folder: string,
): Promise<StrongestPatches> {
  const patches = new StrongestPatches({ ...features, keep: PATCHES });
  const files = await pictureFiles([folder]);
  const graph = await open(features.graph);
  try {
    for (const [index, file] of files.entries()) {
      signal.throwIfAborted();
      terminal.bar('looking', index / files.length, basename(file));
      const image = await readMiddle(file, net.size);
      const results = await graph.run({ [UNIT_PORTS.pixels]: pictureOf(image).planes });
      patches.look(basename(file), image, results.get(UNIT_PORTS.features) ?? new Float32Array());
    }
  } finally {
    await graph.close();
  }
  return patches;
}

async function make(
  { terminal, signal }: Session,
  { net, open }: UnitBench,
  { size, steps }: UnitsOptions,
  unit: number,
): Promise<RgbImage> {
  const settings = { longSidePx: size, steps, seed: SEED + unit };
  const picture = await maximiseUnit(settings, {
    open: (side) => open(responseGraph({ ...net, size: side }, unit)),
    onStep: (share, response) =>
      terminal.bar(`making unit ${unit}`, share, `response ${response.toFixed(3)}`),
    signal,
  });
  signal.throwIfAborted();
  return { rgb: rgbBytes(picture), widthPx: picture.widthPx, heightPx: picture.heightPx };
}

function misuse(message: string): never {
  throw new PorticoError('PORTICO_USAGE', { message, remedy: 'See: portico art units --help' });
}
