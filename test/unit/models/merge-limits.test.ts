import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { mergeLimits } from '../../../models/prepare/passes/merge-limits.ts';
import type { Graph } from '../../../src/graph/graph.ts';
import { graphBuilder } from '../../../src/graph/graph-builder.ts';

const operators = (graph: Graph) => graph.nodes.map((node) => node.operator);

/** The limits of the only Clip; an absent bound is infinite. */
function limits({ nodes, initialisers }: Graph): readonly [number, number] {
  const clip = nodes.find(({ operator }) => operator === 'Clip');
  const bound = (name: string | undefined, whenAbsent: number) =>
    Number(initialisers.get(name ?? '')?.data[0] ?? whenAbsent);
  return [bound(clip?.inputs[1], -Infinity), bound(clip?.inputs[2], Infinity)];
}

describe('mergeLimits', () => {
  it('makes one ReLU6 of a Relu, a minimum and a maximum', () => {
    const g = graphBuilder('relu6');
    const x = g.input('x', [4]);
    g.output('y', g.clip(g.clip(g.relu(x), undefined, 6), 0, undefined));
    const graph = mergeLimits(g.build());
    assert.deepEqual(operators(graph), ['Clip', 'Identity']);
    assert.deepEqual(limits(graph), [0, 6]);
  });

  it('keeps a limit that something else reads as well', () => {
    const g = graphBuilder('shared');
    const first = g.relu(g.input('x', [4]));
    g.output('y', g.add(first, g.clip(first, undefined, 6)));
    assert.deepEqual(operators(mergeLimits(g.build())), ['Relu', 'Clip', 'Add', 'Identity']);
  });

  it('limits every number as the chain did', () => {
    const ends = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 0, max: 9 }));
    const chains = fc.array(ends, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(chains, fc.integer({ min: -20, max: 20 }), (chain, number) => {
        const g = graphBuilder('chain');
        const ranges = chain.map(([low, width]) => [low, low + width] as const);
        const y = ranges.reduce((x, [low, high]) => g.clip(x, low, high), g.input('x', [1]));
        g.output('y', y);
        const clip = (value: number, [low, high]: readonly [number, number]) =>
          Math.min(high, Math.max(low, value));
        const graph = mergeLimits(g.build());
        assert.deepEqual(operators(graph), ['Clip', 'Identity']);
        assert.equal(clip(number, limits(graph)), ranges.reduce(clip, number));
      }),
    );
  });
});
