import { randomInt } from 'node:crypto';
import type { Chance } from '../../src/domain/ports/chance.ts';

/** The widest that one draw of the system's generator gives. */
const VALUES = 2 ** 48 - 1;

/** The operating system's own randomness. */
export const systemChance: Chance = () => randomInt(VALUES) / VALUES;
