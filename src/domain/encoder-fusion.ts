/** One encoder's share in a fused similarity. */
export interface FusionPart {
  readonly modelId: string;
  /** In (0, 1); the weights of a fusion add up to 1. */
  readonly weight: number;
}

const JOINT = '+';

/**
 * The id under which the fused embeddings of these encoders, in this order, are known: in templates,
 * in observations and in the calibration that holds the weights.
 */
export const fusedEncoderId = (encoderIds: readonly string[]): string => encoderIds.join(JOINT);

/** The encoders that an id stands for; itself alone when it is not a fusion. */
export const partsOfEncoderId = (encoderId: string): readonly string[] => encoderId.split(JOINT);
