import type { CheckedPolicy } from './checked-policy.ts';

/** More than any gallery holds. */
const TEMPLATES_MAX = 1_000_000_000;

/**
 * With how many templates of an encoder a search still has a threshold: each more asks for a smaller false
 * match rate, and beyond the end of the calibration the door opens for nobody.
 * @returns 0 when there is none even for one, for example without a calibration; at most 1e9
 */
export function templatesAllowed(policy: CheckedPolicy, modelId: string): number {
  const { targetFpir } = policy.rules;
  const isKnown = (templates: number): boolean =>
    policy.thresholdOf(modelId, targetFpir, templates).outcome === 'known';
  if (!isKnown(1)) return 0;
  if (isKnown(TEMPLATES_MAX)) return TEMPLATES_MAX;
  let known = 1;
  let unknown = TEMPLATES_MAX;
  while (unknown - known > 1) {
    const middle = Math.floor((known + unknown) / 2);
    if (isKnown(middle)) known = middle;
    else unknown = middle;
  }
  return known;
}
