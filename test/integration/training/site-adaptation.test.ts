import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import sharp from 'sharp';
import { systemClock } from '../../../device/clock/system-clock.ts';
import { openPeopleStore } from '../../../src/cli/people-store.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { Calibration } from '../../../src/domain/calibration.ts';
import type { GateEvent } from '../../../src/domain/events.ts';
import { unprepared } from '../../helpers/prepared-vision.ts';
import { SHARED, withoutShared } from '../../helpers/shared-data.ts';
import { CliHome } from '../cli/portico-cli.ts';

const ENCODER = 'mobilefacenet-512';
const PEOPLE = 60;
const PICTURES_EACH = 4;
/** The site's camera was set up with a wrong aspect ratio: it shows everybody twice as wide. */
const STRETCH = 2;
const HEIGHT_PX = 250;

/** The site's pictures: of everybody half from a passport, half from its camera. */
async function takePictures(folder: string): Promise<void> {
  const list = readFileSync(join(SHARED, 'faces', 'train.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const people = new Map<string, string[]>();
  for (const line of list) {
    const [file = ''] = line.split(',');
    const [person = ''] = file.split('/');
    people.set(person, [...(people.get(person) ?? []), file]);
  }
  const known = [...people].filter(([, files]) => files.length >= PICTURES_EACH);
  for (const [person, files] of known.slice(0, PEOPLE)) {
    mkdirSync(join(folder, person), { recursive: true });
    for (const [index, file] of files.slice(0, PICTURES_EACH).entries()) {
      const widthPx = index % 2 === 0 ? HEIGHT_PX : HEIGHT_PX * STRETCH;
      await sharp(join(SHARED, 'faces', 'lfw', file))
        .resize(widthPx, HEIGHT_PX, { fit: 'fill' })
        .png({ compressionLevel: 1 })
        .toFile(join(folder, person, `${index}.png`));
    }
  }
}

/** What a camera sees of somebody who stands there: no frame quite like the one before. */
async function standBefore(folder: string, portrait: string): Promise<void> {
  mkdirSync(folder);
  const upright = await sharp(portrait).rotate(-35, { background: '#777' }).toBuffer();
  for (const [index, brightness] of [1, 1.01, 1.02, 1.01].entries()) {
    await sharp(upright)
      .modulate({ brightness })
      .toFile(join(folder, `${index}.png`));
  }
}

/** A cache of the test's own that holds what this machine has prepared. */
function ownCache(folder: string): string {
  const prepared = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'portico');
  mkdirSync(folder);
  for (const id of readdirSync(join(prepared, 'models'))) {
    symlinkSync(join(prepared, 'models', id), join(folder, id));
  }
  return folder;
}

const withoutData = withoutShared('faces', 'train.csv');

describe('a site that adapts its encoder', {
  skip: withoutData === false ? unprepared() : withoutData,
}, () => {
  const home = new CliHome();
  const camera = join(home.folder, 'camera');
  const pictures = join(home.folder, 'consented');
  const models = join(home.folder, 'models');
  let cacheDirectory: string;
  let adapted: string;

  const configure = (directory: string | undefined, encoders: readonly string[]): void =>
    home.configure({
      camera: { source: `dir:${camera}?loop=1` },
      models: { directory, cacheDirectory, encoders },
      kiosk: { enabled: false },
      health: { enabled: false },
      policy: { liveness: { waivedBecause: 'a test without anybody alive' } },
    });

  /** The configured gate lets the person before the camera in. @returns how it decided */
  async function admit(): Promise<Extract<GateEvent, { type: 'access.granted' }>> {
    const gate = home.start('run');
    await gate.printed('granted ada');
    gate.kill('SIGTERM');
    await gate.ended;
    const config = loadConfig({ environment: { XDG_DATA_HOME: home.folder } });
    const store = openPeopleStore(config, systemClock, false);
    const events = store.eventsAfter(0, 1_000).map(({ event }) => event);
    store.close();
    const granted = events.findLast((event) => event.type === 'access.granted');
    return granted ?? assert.fail('nobody was let in');
  }

  before(async () => {
    cacheDirectory = ownCache(join(home.folder, 'cache'));
    await takePictures(pictures);
    await standBefore(camera, await home.portrait('resident'));
    configure(undefined, [ENCODER]);
    const { code, err } = await home.run('enrol', 'ada', await home.portrait('enrolled'));
    assert.equal(code, 0, err);
  });

  it('adopts a head that is better with confidence on people it was not trained on', async () => {
    const { code, out, err } = await home.run(
      ...['train', 'adapt', '--root', pictures, '--models', models, '--json'],
    );
    assert.equal(code, 0, err);
    const { id, isReady, improvement } = JSON.parse(out);
    assert.equal(improvement.isCertain, true, out);
    assert.ok(improvement.interval[0] > 0, out);
    assert.ok(improvement.tarAfter > improvement.tarBefore + 0.05, out);
    assert.equal(isReady, true);
    adapted = id;
  });

  it('calibrates it anew, on the people it was judged by', () => {
    const read = (folder: string, id: string): Calibration =>
      JSON.parse(readFileSync(join(folder, id, 'calibration.json'), 'utf8'));
    const [base, site] = [read(models, ENCODER), read(models, adapted)];
    assert.equal(site.modelId, adapted);
    assert.equal(site.data.subjects, Math.round(PEOPLE * 0.35));
    assert.notDeepEqual(site.points, base.points);
  });

  it('decides by it: with its templates and its thresholds', async () => {
    configure(models, [adapted, ENCODER]);
    const { code, err } = await home.run('models', 'prepare', adapted);
    assert.equal(code, 0, err);
    const { modelId, similarity, threshold } = await admit();
    assert.equal(modelId, adapted);
    assert.ok(similarity >= threshold);
  });

  it('goes back to the encoder by naming it alone, also for who was enrolled since', async () => {
    const { code, err } = await home.run('enrol', 'eve', await home.portrait('stranger'));
    assert.equal(code, 0, err);
    configure(models, [ENCODER]);
    const { modelId } = await admit();
    assert.equal(modelId, ENCODER);
    const config = loadConfig({ environment: { XDG_DATA_HOME: home.folder } });
    const store = openPeopleStore(config, systemClock, false);
    const encoders = store.templatesOf('eve').map((template) => template.modelId);
    store.close();
    assert.deepEqual(new Set(encoders), new Set([adapted, ENCODER]));
  });
});
