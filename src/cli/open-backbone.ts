import { readFileSync } from 'node:fs';
import type { RunnableGraph } from '../art/paint.ts';
import { smoothStem } from '../art/smooth-stem.ts';
import type { Config } from '../config/schema.ts';
import { decodeGraph } from '../graph/decode-graph.ts';
import type { Graph } from '../graph/graph.ts';
import { loadEngine } from '../inference/engine.ts';
import { GraphSession } from '../inference/graph-session.ts';
import { ensureModels } from './ensure-models.ts';
import type { Session } from './session.ts';

/** The network whose features tell content and style. */
export const BACKBONE = 'style-backbone';

/** Opens graphs on this machine's CPU, with as many threads as the configuration grants. */
export function graphOpener({ inference }: Config): (graph: Graph) => Promise<RunnableGraph> {
  const engine = loadEngine(inference.engineModule);
  return (graph) => GraphSession.open(engine, graph, { threads: inference.threads });
}

/** The backbone as painters use it; it is prepared when it is first needed. */
export async function openBackbone(session: Session, config: Config): Promise<Graph> {
  await ensureModels(session, config, [BACKBONE]);
  const { onnxPath } = session.composition.catalogue(config).resolve(BACKBONE);
  return smoothStem(decodeGraph(readFileSync(onnxPath), BACKBONE));
}
