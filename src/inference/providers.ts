import type { InferenceSession } from 'onnxruntime-node';
import { ModelError } from '../domain/errors.ts';
import type { ThreadChoice, ThreadPolicy } from './thread-choice.ts';

/** Where a model may run, fastest first. */
export const PROVIDERS = ['tensorrt', 'cuda', 'webgpu', 'cpu'] as const;
export type Provider = (typeof PROVIDERS)[number];

export interface ProviderPolicy {
  /** Rungs to try, in this order. */
  readonly ladder: readonly Provider[];
  /** The slowest that is still good enough for the door; below it, opening fails. */
  readonly minimum: Provider;
  /** Of one run on the CPU. */
  readonly threads: ThreadPolicy;
}

export const CPU_ONLY: ProviderPolicy = { ladder: ['cpu'], minimum: 'cpu', threads: 2 };

/** How one rung of the ladder fared with one model. */
export interface RungReport {
  readonly modelId: string;
  readonly provider: Provider;
  readonly outcome: 'in-use' | 'unavailable' | 'disagrees';
  /** Second warm-up run; absent when the rung did not get that far. */
  readonly warmUpMs?: number;
  /** Largest absolute difference from the CPU's output, over the output's largest magnitude. */
  readonly maxDifference?: number;
  /** On the CPU, where that is the rung. */
  readonly threads?: ThreadChoice;
  readonly detail: string;
}

/**
 * Largest accepted difference from the CPU, as a share of the output's largest magnitude: room for
 * half precision and other summing orders, none for missing kernels, which give noise or zeros.
 */
export const PROVIDER_TOLERANCE = 0.02;

/** Session options for low latency on a box that idles most of the day. */
export function sessionOptions(
  provider: Provider,
  threads: number,
): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    enableMemPattern: true,
    logSeverityLevel: 3,
    // Spinning threads would keep the cores hot between frames.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}

/**
 * Largest relative difference of two outputs.
 * @returns 0 for equal outputs; Infinity when a value is not finite or the lengths differ
 */
export function relativeDifference(reference: Float32Array, output: Float32Array): number {
  if (reference.length !== output.length) return Number.POSITIVE_INFINITY;
  let magnitude = 0;
  let difference = 0;
  for (let index = 0; index < reference.length; index += 1) {
    const expected = reference[index] ?? Number.NaN;
    const actual = output[index] ?? Number.NaN;
    if (!Number.isFinite(expected - actual)) return Number.POSITIVE_INFINITY;
    magnitude = Math.max(magnitude, Math.abs(expected));
    difference = Math.max(difference, Math.abs(expected - actual));
  }
  return magnitude > 0 ? difference / magnitude : difference;
}

/** @throws PORTICO_MODEL_PROVIDER when the rung in use is slower than the policy allows */
export function assertMinimum(modelId: string, inUse: Provider, policy: ProviderPolicy): void {
  if (PROVIDERS.indexOf(inUse) <= PROVIDERS.indexOf(policy.minimum)) return;
  throw new ModelError('PORTICO_MODEL_PROVIDER', {
    message: `${modelId} runs on ${inUse}, but at least ${policy.minimum} is required`,
    remedy:
      'Run `portico doctor` for the reason each provider was refused, or lower inference.minimumProvider.',
    context: { modelId, inUse, minimum: policy.minimum },
  });
}
