import type { Drill } from '../drill.ts';
import { brokerAway } from './broker-away.ts';
import { cameraSilent, cameraUnplugged, readerHung } from './camera.ts';
import { chipRenumbered } from './chip-renumbered.ts';
import { clockBack, clockForward } from './clock-jumps.ts';
import { diskFull } from './disk-full.ts';
import { hungInPulse, killedInPulse } from './gate-process.ts';
import { powerCut } from './power-cut.ts';
import { powerCuts } from './power-cuts.ts';
import { spoiltUpgrade } from './spoilt-upgrade.ts';
import { visit } from './visit.ts';

/** In this order; each leaves a gate that works. */
export const DRILLS: readonly Drill[] = [
  visit,
  killedInPulse,
  hungInPulse,
  readerHung,
  cameraSilent,
  cameraUnplugged,
  chipRenumbered,
  clockBack,
  clockForward,
  diskFull,
  powerCuts,
  powerCut,
  spoiltUpgrade,
  // The last: the gate belongs to a site from then on.
  brokerAway,
];
