import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Calibration } from '../../domain/calibration.ts';
import { calibrationOf } from '../../evaluation/calibration-of.ts';
import { percent } from '../../evaluation/percent.ts';
import { writeCalibration } from '../../evaluation/write-calibration.ts';
import type { Store } from '../../gallery/store.ts';
import { decodeGraph } from '../../graph/decode-graph.ts';
import { encodeGraph } from '../../graph/encode-graph.ts';
import { type Adapted, adapt } from '../../training/adapt.ts';
import { adaptedEncoder } from '../../training/adapted-encoder.ts';
import { byPerson } from '../../training/batches.ts';
import type { OpenGraph } from '../../training/descent.ts';
import { project } from '../../training/project.ts';
import { parseCount } from '../parse-count.ts';
import { withPeople } from '../people-store.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { addSiteModel, removeSiteModel, siteModelId } from '../site-models.ts';
import { EXIT } from '../terminal.ts';
import { followTraining } from '../training-results.ts';
import { readSamples, trainingEngine } from '../training-samples.ts';

interface AdaptCommandOptions {
  readonly root: string;
  readonly list?: string;
  readonly encoder?: string;
  readonly models?: string;
  readonly steps: number;
}

export function addTrainAdaptCommand(command: Command, run: RunCommand): void {
  command
    .command('adapt')
    .description(
      'fit the encoder to one door, by pictures of people who agreed; used only if better',
    )
    .requiredOption('--root <folder>', 'one folder per person, or what the list is relative to')
    .option('--list <csv>', 'file with the column `file`; default: every picture under the root')
    .option('--encoder <id>', 'default: the configured one')
    .option('--models <folder>', 'make the adapted encoder ready there, if it is better')
    .option('--steps <n>', 'at most', parseCount, 600)
    .addHelpText(
      'after',
      '\nWith --models everybody enrolled here gets a template of the adapted encoder as well; the ones of the\nencoder stay, so naming it first again in models.encoders is the way back.\n\nExample:\n  portico train adapt --root consented --models /var/lib/portico/models',
    )
    .action((options: AdaptCommandOptions) => run((session) => adaptEncoder(session, options)));
}

async function adaptEncoder(session: Session, options: AdaptCommandOptions): Promise<number> {
  const { terminal, signal } = session;
  const encoder = options.encoder ?? session.config().models.encoders[0] ?? '';
  const { training: samples } = await readSamples(
    session,
    { ...options, encoder },
    ({ embeddings }) => embeddings[0]?.embedding,
  );
  const open = trainingEngine(session);
  const { steps } = options;
  const onCheck = followTraining(session, 'adapting', steps);
  const adapted = await adapt(samples, { open, steps, signal, onCheck });
  terminal.clearBar();
  const { people, fmr, tarBefore, tarAfter, interval, isCertain } = adapted.improvement;
  const points = interval.map((end) => (100 * end).toFixed(2)).join(' to ');
  terminal.say(
    `${people} people not trained on, TAR at FMR ${fmr}: ${percent(tarBefore)} before, ${percent(tarAfter)} after (${points} points)`,
  );
  const { models: folder } = options;
  let id: string | undefined;
  if (!isCertain) {
    terminal.say('Not better with confidence: the encoder stays as it is.');
  } else if (folder === undefined) {
    terminal.say('Better with confidence. Name a folder with --models to make it ready.');
  } else {
    id = await makeReady(session, { encoder, folder, open }, adapted);
  }
  const isReady = id !== undefined;
  terminal.result({ encoder, id, isReady, improvement: adapted.improvement });
  return signal.aborted ? EXIT.interrupted : EXIT.ok;
}

interface Target {
  readonly encoder: string;
  readonly folder: string;
  readonly open: OpenGraph;
}

/**
 * Model, calibration and templates, or none of it; the gate takes them up when its configuration names them.
 * @returns the id of the adapted encoder
 */
async function makeReady(session: Session, target: Target, adapted: Adapted): Promise<string> {
  const { composition, terminal } = session;
  const { encoder, folder, open } = target;
  const config = session.config();
  const { manifest, onnxPath } = composition.catalogue(config).resolve(encoder);
  const base = decodeGraph(readFileSync(onnxPath), encoder);
  const onnx = encodeGraph(adaptedEncoder(base, adapted.head, adapted.trained.parameters));
  const id = siteModelId(encoder, onnx);
  addSiteModel(folder, composition.modelsDir(config), { id, base: manifest, onnx });
  try {
    await writeCalibration(folder, calibrationFor(session, id, adapted));
    const people = await withPeople(session, (store) =>
      addProjectedTemplates(store, { encoder, id, open }, adapted),
    );
    terminal.say(
      `${folder}/${id} is ready, and ${people} people have a template of it.\nTo use it: models.directory = ${folder}, models.encoders = ["${id}", "${encoder}"], then \`portico models prepare ${id}\`.\nThe way back: models.encoders = ["${encoder}"].`,
    );
  } catch (fault) {
    removeSiteModel(folder, id);
    throw fault;
  }
  return id;
}

/** On the judges, the only people that the head does not know. */
function calibrationFor(
  { composition }: Session,
  id: string,
  { judges, judgesVectors }: Adapted,
): Calibration {
  const samples = judges.map(({ person }, index) => ({
    person,
    embedding: judgesVectors[index] ?? new Float32Array(),
  }));
  const { calibration } = calibrationOf(
    { samples },
    {
      encoderId: id,
      dataName: 'pictures of this site',
      date: new Date(composition.clock.wall()).toISOString().slice(0, 10),
      remarks: ['Measured on the people of the site that the head was not trained on.'],
      pictures: judges.length,
      leftOut: 0,
    },
  );
  return calibration;
}

/** @returns how many people got one; who has one already keeps it */
async function addProjectedTemplates(
  store: Store,
  { encoder, id, open }: { encoder: string; id: string; open: OpenGraph },
  { head, trained }: Adapted,
): Promise<number> {
  const gallery = store.snapshot();
  const samples = store.identities().flatMap(({ identityId: person }) => {
    const has = store.templatesOf(person).some(({ modelId }) => modelId === id);
    return has ? [] : gallery.vectorsOf(person, encoder).map((values) => ({ person, values }));
  });
  const vectors = await project(samples, head, trained.parameters, open);
  const adapted = samples.map(({ person }, index) => ({
    person,
    values: vectors[index] ?? new Float32Array(),
  }));
  const people = byPerson(adapted);
  for (const [person, templates] of people) {
    store.addTemplates(
      person,
      templates.map(({ values }) => ({ modelId: id, embedding: values })),
    );
  }
  return people.size;
}
