import { createHash } from 'node:crypto';
import type { Identity } from '../../domain/identity.ts';
import type { RosterPerson } from '../../domain/roster.ts';
import { wallMs } from '../../domain/units.ts';
import { l2NormalizeInPlace } from '../../numeric/linear-algebra.ts';
import { seededRandom } from '../../numeric/random.ts';
import type { Encoder } from '../../roster/apply-roster.ts';

/** The encoder whose vectors these people have. */
export const TRIAL_ENCODER: Encoder = { modelId: 'mobilefacenet-512', dimension: 512 };
const ENROLLED_AT = wallMs(1_767_614_400_000);
/** Cosine of two pictures of one person, about; of two people it is 0 give or take 0.05. */
const PROBE_NOISE = 0.7;
const SYLLABLES = [
  'ba',
  'dre',
  'fi',
  'gol',
  'hu',
  'jas',
  'ke',
  'lim',
  'mor',
  'ny',
  'po',
  'qui',
  'ra',
  'sten',
  'tu',
  'vex',
];
/** Far from the people's own seeds. */
const NOISE_SEEDS = 1_540_483_477;

/** People that nobody has met: opaque ids, names of their own, one template each in a direction of its own. */
export function madeUpPerson(index: number, version = 0): RosterPerson {
  const identity = identityOf(index);
  const { identityId } = identity;
  const { modelId } = TRIAL_ENCODER;
  const embedding = vectorOf(index, version);
  const templateId = `t-${digest(`template ${index} ${version}`)}`;
  return {
    identity,
    templates: [{ templateId, identityId, modelId, embedding, enrolledAtMs: ENROLLED_AT }],
  };
}

/** What the encoder would make of this person at the door: similar to the template, not equal. */
export function probeOf(index: number, version = 0): Float32Array {
  const noise = directionOf(NOISE_SEEDS + 31 * index + version);
  const template = vectorOf(index, version);
  return l2NormalizeInPlace(template.map((value, at) => value + PROBE_NOISE * (noise[at] ?? 0)));
}

function identityOf(index: number): Identity {
  const random = seededRandom(index + 1);
  const word = (syllables: number): string => {
    const text = Array.from(
      { length: syllables },
      () => SYLLABLES[Math.floor(random() * SYLLABLES.length)],
    ).join('');
    return text.charAt(0).toUpperCase() + text.slice(1);
  };
  return { identityId: `p-${digest(`person ${index}`)}`, name: `${word(5)} ${word(6)}` };
}

const vectorOf = (index: number, version: number): Float32Array =>
  directionOf(index + version * 1_000_003);

function directionOf(seed: number): Float32Array {
  const random = seededRandom(seed + 7);
  return l2NormalizeInPlace(
    Float32Array.from({ length: TRIAL_ENCODER.dimension }, () => random() - 0.5),
  );
}

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 16);
