import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemClock as clock } from '../../../device/clock/system-clock.ts';
import { mqttLinks } from '../../../src/messaging/broker/mqtt-link.ts';
import { type Knock, knock } from '../../../src/messaging/gate/check-passport.ts';
import { revokeKey } from '../../../src/messaging/site/found-site.ts';
import { type GatePassport, parseGatePassport } from '../../../src/messaging/site/site-files.ts';
import { adoptRoot } from '../../../src/office/adopt-root.ts';
import { revocationsPath } from '../../../src/office/revocations.ts';
import { renewSigningKey } from '../../../src/office/rotate-keys.ts';
import { mosquittoMissing } from '../../helpers/mosquitto.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';
import { SiteBench } from '../../helpers/site-bench.ts';
import { until } from '../../helpers/until.ts';

describe('a certificate whose key was revoked', { skip: mosquittoMissing }, () => {
  let site: SiteBench;
  let front: GatePassport;
  let back: GatePassport;
  const passport = async (gateId: string) =>
    parseGatePassport(readFileSync(await site.provision(gateId), 'utf8'));
  const knocks = ({ broker, ...rest }: GatePassport): Promise<Knock['outcome']> =>
    knock(
      { broker, ...rest },
      {
        openLink: mqttLinks({ broker, clock, logger: new RecordingLogger(), random: () => 0.5 }),
        clock,
        withinMs: 20_000,
      },
    ).then(({ outcome }) => outcome);
  const revoke = async (kid: string): Promise<void> => {
    await adoptRoot(site.office, revokeKey(site.office.readRoot(), kid), clock.wall());
    // The broker of the bench runs on the files of the office, as if they had been copied.
    site.broker.reload();
  };
  const kidOf = (gateId: string): string =>
    site.office.readRoot().gates.find((gate) => gate.gateId === gateId)?.kid ?? '';

  before(async () => {
    site = await SiteBench.open();
    front = await passport('front');
    back = await passport('back');
  });
  after(() => site.close());

  it('is let in before', async () => {
    assert.equal(await knocks(front), 'welcome');
  });

  it('is turned away once the broker has the list, and others go on', async () => {
    await revoke(kidOf('front'));
    await until('the revoked gate is turned away', async () => (await knocks(front)) !== 'welcome');
    assert.equal(await knocks(back), 'welcome');
  });

  it('is that of a gate before it was provisioned again, and not the new one', async () => {
    const again = await passport('back');
    site.broker.reload();
    await until('the old keys are turned away', async () => (await knocks(back)) !== 'welcome');
    assert.equal(await knocks(again), 'welcome');
  });

  it('is not that of a seat which has another signing key since', async () => {
    const old = await renewSigningKey(site.office, clock.wall());
    await revoke(old);
    const desk = await site.desk();
    assert.ok(desk.isConnected);
  });

  it('is on a list that openssl reads and trusts', () => {
    const folder = site.office.path;
    copyFileSync(join(folder, 'authority.crt'), join(site.folder, 'authority.crt'));
    const text = execFileSync(
      'openssl',
      ['crl', '-in', revocationsPath(site.office), '-CAfile', 'authority.crt', '-noout', '-text'],
      { cwd: site.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
    assert.match(text, /Issuer: CN ?= ?Portico harbour/);
    assert.equal((text.match(/Serial Number/g) ?? []).length, 2);
  });
});
