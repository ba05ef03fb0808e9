import type { KeyFrame, PassiveEvidence } from '../key-frame.ts';
import type { Cue } from './cue.ts';
import { mean, spread } from './window-statistics.ts';

/** All that these cues look at. */
type PassiveFrame = Pick<KeyFrame, 'passive'>;

export interface PassiveCue extends Cue {
  readonly measure: (window: readonly PassiveFrame[]) => number | undefined;
}

type Reading = (evidence: PassiveEvidence) => number | undefined;

function readings(window: readonly PassiveFrame[], read: Reading): readonly number[] {
  return window.flatMap(({ passive }) => {
    const value = passive === undefined ? undefined : read(passive);
    return value === undefined ? [] : [value];
  });
}

const averaged = (name: string, read: Reading): PassiveCue => ({
  name,
  kind: 'appearance',
  measure: (window) => mean(readings(window, read)),
});

/**
 * Mean log-odds of the passive networks over the track. Of the three classes two are free; the fit needs
 * both, because print and screen pull them apart.
 */
export const PASSIVE_CUES: readonly PassiveCue[] = [
  averaged('passive-wide-bona-fide', ({ wideBonaFide }) => wideBonaFide),
  averaged('passive-wide-second', ({ wideSecond }) => wideSecond),
  averaged('passive-tight-bona-fide', ({ tightBonaFide }) => tightBonaFide),
  averaged('passive-tight-second', ({ tightSecond }) => tightSecond),
  averaged('antispoof', ({ antispoof }) => antispoof),
  {
    name: 'antispoof-variation',
    kind: 'appearance',
    measure: (window) => spread(readings(window, ({ antispoof }) => antispoof)),
  },
];
