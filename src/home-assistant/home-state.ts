import type { ArtSettings, ArtTitle } from '../domain/art.ts';
import type { ContactState } from '../domain/ports/door-inputs.ts';
import type { HomeDoor } from './home-gate.ts';

/** What a sensor of Home Assistant takes for "not known". */
export const UNKNOWN = 'None';

export type HomeLock = 'LOCKED' | 'UNLOCKED' | 'LOCKING' | 'UNLOCKING' | 'OPEN' | 'JAMMED';
type OnOff = 'ON' | 'OFF';

/** The payload of the state topic; the templates of the discovery name its members. */
export interface HomeState {
  readonly lock: HomeLock;
  readonly lockDown: 'armed_away' | 'disarmed';
  readonly contact: OnOff | typeof UNKNOWN;
  readonly tamper: OnOff;
  readonly presence: OnOff;
  readonly problem: OnOff;
  readonly faults: readonly string[];
  readonly person: string;
  readonly art?: {
    readonly power: OnOff;
    readonly style: string;
    readonly intervalS: number;
    readonly title: string;
  };
}

export interface HomeFacts {
  readonly door: HomeDoor | undefined;
  readonly isTampered: boolean;
  readonly isSomebodyThere: boolean;
  readonly faults: readonly string[];
  readonly person: string | undefined;
  readonly art:
    | { readonly settings: ArtSettings; readonly title: ArtTitle | undefined }
    | undefined;
}

/** A door of which nothing is known yet counts as jammed: nobody should rely on it. */
export function homeState(facts: HomeFacts): HomeState {
  const { door, art, faults } = facts;
  return {
    lock: door === undefined ? 'JAMMED' : lockOf(door),
    lockDown: door?.isLockedDown === true ? 'armed_away' : 'disarmed',
    contact: CONTACT_WORDS[door?.contact ?? 'absent'],
    tamper: onOff(facts.isTampered || door?.state === 'forced'),
    presence: onOff(facts.isSomebodyThere),
    problem: onOff(faults.length > 0),
    faults,
    person: facts.person ?? UNKNOWN,
    ...(art === undefined
      ? {}
      : {
          art: {
            power: onOff(art.settings.isOn),
            style: art.settings.style,
            intervalS: art.settings.intervalS,
            title: titleText(art.title),
          },
        }),
  };
}

/** The strike first: a door that stands open for a good reason may still be unlocked. */
function lockOf({ state, contact, unlockedUntilMs }: HomeDoor): HomeLock {
  if (state === 'fault' || state === 'closed-down') return 'JAMMED';
  if (unlockedUntilMs !== undefined) return 'UNLOCKED';
  if (state === 'unlocking') return 'UNLOCKING';
  if (state === 'relocking') return 'LOCKING';
  return contact === 'open' ? 'OPEN' : 'LOCKED';
}

const CONTACT_WORDS: Readonly<Record<ContactState, HomeState['contact']>> = {
  open: 'ON',
  closed: 'OFF',
  absent: UNKNOWN,
};

const titleText = (title: ArtTitle | undefined): string => {
  if (title === undefined) return UNKNOWN;
  return title.subject === undefined ? title.style : `${title.style}: ${title.subject}`;
};

const onOff = (isOn: boolean): OnOff => (isOn ? 'ON' : 'OFF');
