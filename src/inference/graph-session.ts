import type { InferenceSession } from 'onnxruntime-node';
import { ModelError } from '../domain/errors.ts';
import { encodeGraph } from '../graph/encode-graph.ts';
import type { Graph } from '../graph/graph.ts';
import type { Engine } from './engine.ts';
import { type Provider, sessionOptions } from './providers.ts';
import { unmeasuredThreads } from './thread-choice.ts';

export interface GraphSessionOptions {
  readonly provider?: Provider;
  /** Of one run on the CPU; a graph of a moment is not measured for it. */
  readonly threads?: number | 'auto';
}

/** Values of inputs by name, row-major, as many as the graph's input holds. */
export type Feeds = Readonly<Record<string, Float32Array>>;

/**
 * A graph made in memory, ready to run: for costs, gradients and searches, which have no file.
 * Blocks its thread while it runs.
 */
export class GraphSession {
  readonly name: string;
  readonly #engine: Engine;
  readonly #session: InferenceSession;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  #closed = false;

  private constructor(
    engine: Engine,
    session: InferenceSession,
    name: string,
    shapes: ReadonlyMap<string, readonly number[]>,
  ) {
    this.name = name;
    this.#engine = engine;
    this.#session = session;
    this.#shapes = shapes;
  }

  /** @throws PORTICO_MODEL_RUN when the engine refuses the graph */
  static async open(
    engine: Engine,
    graph: Graph,
    { provider = 'cpu', threads = 'auto' }: GraphSessionOptions = {},
  ): Promise<GraphSession> {
    const shapes = new Map(
      graph.inputs.map(({ name, shape }) => [
        name,
        shape.map((size) => (typeof size === 'number' ? size : 1)),
      ]),
    );
    try {
      const session = await engine.InferenceSession.create(
        encodeGraph(graph),
        sessionOptions(provider, unmeasuredThreads(threads)),
      );
      return new GraphSession(engine, session, graph.name, shapes);
    } catch (cause) {
      throw fault(graph.name, 'cannot be loaded', cause);
    }
  }

  /**
   * @returns the float outputs by name
   * @throws PORTICO_MODEL_RUN when an input is missing or the engine fails
   */
  async run(feeds: Feeds): Promise<ReadonlyMap<string, Float32Array>> {
    const tensors = [...this.#shapes].map(([name, shape]) => {
      const data = feeds[name];
      if (data === undefined) throw fault(this.name, `was given no values for "${name}"`);
      return [name, new this.#engine.Tensor('float32', data, shape)] as const;
    });
    let results: InferenceSession.OnnxValueMapType;
    try {
      results = await this.#session.run(Object.fromEntries(tensors));
    } catch (cause) {
      throw fault(this.name, 'failed while it ran', cause);
    }
    return new Map(
      Object.entries(results).flatMap(([name, { data }]) =>
        data instanceof Float32Array ? [[name, data] as const] : [],
      ),
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#session.release();
  }
}

function fault(name: string, what: string, cause?: unknown): ModelError {
  return new ModelError('PORTICO_MODEL_RUN', {
    message: `the graph ${name} ${what}`,
    remedy: 'Run `portico doctor`; if it persists, report it with this message.',
    cause,
    context: { graph: name },
  });
}
