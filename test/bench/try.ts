import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { openDemoStage } from '../../src/composition/demo-stage.ts';
import { loadConfig } from '../../src/config/load.ts';
import { encodePortrait } from '../helpers/encode-portrait.ts';
import { preparedCatalogue } from '../helpers/prepared-vision.ts';
import { writeScenes } from './write-scenes.ts';

const share = '/tmp/pb/share2';
rmSync(share, { recursive: true, force: true });
mkdirSync(share, { recursive: true });
await writeScenes(`${share}/scenes`);
const config = loadConfig({ environment: {} });
writeFileSync(
  `${share}/resident.png`,
  await encodePortrait((await openDemoStage(config, preparedCatalogue())).enrolmentPhoto),
);
cpSync('/root/.cache/portico/models', `${share}/models`, { recursive: true });
cpSync('test/bench/guest', `${share}/guest`, { recursive: true });
execFileSync('cp', ['-r', '/tmp/pb/release', share]);
