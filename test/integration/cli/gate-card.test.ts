import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { splitCard } from '../../../src/messaging/site/card-parts.ts';
import { cardOf, packCard } from '../../../src/messaging/site/passport-card.ts';
import { parseGatePassport } from '../../../src/messaging/site/site-files.ts';
import { writeQr } from '../../../src/qr/write-qr.ts';
import { heldCode } from '../../helpers/held-code.ts';
import { mosquittoMissing } from '../../helpers/mosquitto.ts';
import { SiteBench } from '../../helpers/site-bench.ts';
import { CliHome } from './portico-cli.ts';

describe('a gate that joins by a code', { skip: mosquittoMissing }, () => {
  const home = new CliHome();
  const kept = join(home.folder, 'portico', 'passport.json');
  const picture = join(home.folder, 'front.png');
  let site: SiteBench;
  const keptNow = () => parseGatePassport(readFileSync(kept, 'utf8'));

  before(async () => {
    site = await SiteBench.open();
  });
  after(() => site.close());

  it('has its keys drawn into a picture for its owner alone', async () => {
    const provision = ['gate', 'provision', 'front', '--site', site.office.path];
    const { code, out, err } = await home.run(...provision, '--qr-file', picture);
    assert.equal(code, 0, err);
    assert.match(out, /whoever has a picture of it is the gate/);
    assert.equal(statSync(picture).mode & 0o777, 0o600);
    const again = await home.run(...provision, '--qr-file', picture);
    assert.equal(again.code, 2);
    assert.match(again.err, /nothing is written over/);
    assert.equal((await home.run(...provision, '--qr')).code, 2, 'there is no terminal here');
  });

  it('joins by a photograph of it, with the keys that the broker keeps', async () => {
    const { code, err, out } = await home.run('gate', 'join', picture, '--json');
    assert.equal(code, 0, err);
    assert.equal(JSON.parse(out).outcome, 'welcome');
    assert.equal(keptNow().gateId, 'front');
    assert.equal(statSync(kept).mode & 0o777, 0o600);
  });

  it('joins by what its camera sees of several codes, and says what it lacks', async () => {
    const passport = parseGatePassport(readFileSync(await site.provision('front'), 'utf8'));
    await site.desk();
    const seen = join(home.folder, 'seen');
    mkdirSync(seen);
    for (const [index, part] of splitCard(packCard(await cardOf(passport)), 2).entries()) {
      const { rgb, widthPx, heightPx } = await heldCode((await writeQr(part)).modules, HELD);
      await sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 } })
        .png()
        .toFile(join(seen, `${index}.png`));
    }
    home.configure({ camera: { source: `dir:${seen}?fps=2`, widthPx: 640, heightPx: 480 } });
    const { code, err } = await home.run('gate', 'join', '--camera');
    assert.equal(code, 0, err);
    assert.match(err, /1 of 2 codes read/);
    assert.match(err, /read: the code of front of the site harbour/);
    assert.deepEqual(keptNow().signingKey, passport.signingKey);
  });

  it('gives up in time before an empty entrance, and keeps what it had', async () => {
    const before = keptNow();
    home.configure({ camera: { source: 'test:?pattern=smpte' } });
    const { code, err } = await home.run('gate', 'join', '--camera', '--within', '2');
    assert.equal(code, 3);
    assert.match(err, /no code in sight/);
    assert.deepEqual(keptNow(), before);
  });
});

const HELD = {
  widthPx: 640,
  heightPx: 480,
  share: 0.8,
  tiltDegrees: 12,
  rollDegrees: 5,
  blurPx: 0.6,
  noise: 5,
} as const;
