import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wallMs } from '../../../../src/domain/units.ts';
import { signerOf } from '../../../../src/messaging/envelope/keys.ts';
import { signDocument } from '../../../../src/messaging/envelope/signing.ts';
import { SiteKeys } from '../../../../src/messaging/gate/site-keys.ts';
import {
  addAdministrator,
  contentKeysFor,
  foundSite,
  provisionGate,
  retireContentKeys,
  revokeKey,
  rotateContentKey,
  trustListOf,
} from '../../../../src/messaging/site/found-site.ts';
import {
  parseGatePassport,
  parseSeatFile,
  parseSiteFile,
} from '../../../../src/messaging/site/site-files.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { MemorySiteStore } from '../../../helpers/memory-site-store.ts';
import { makeSite } from '../../../helpers/site-fixture.ts';
import { faultCoded } from '../../../helpers/store-bench.ts';

const clock = new FakeClock();
const now = clock.wall();
const site = await makeSite(clock, { gates: 2 });
const [passport, otherPassport] = site.passports;
const administratorKid = site.file.administrators[0]!.kid;

describe('the files of a site', () => {
  it('come back from their text as they were', () => {
    assert.deepEqual(parseSiteFile(JSON.stringify(site.file)), site.file);
    assert.deepEqual(parseSeatFile(JSON.stringify(site.administrator)), site.administrator);
    assert.deepEqual(parseGatePassport(JSON.stringify(passport)), passport);
  });

  it('are refused with the names of the fields and never a secret', () => {
    const { d } = passport!.signingKey;
    const broken = JSON.stringify({ ...passport, gateId: 'No Gate', extra: d });
    assert.throws(
      () => parseGatePassport(broken),
      (error: Error) =>
        faultCoded('PORTICO_SITE_FILE')(error) &&
        error.message.includes('gateId') &&
        !error.message.includes(d),
    );
    assert.throws(() => parseGatePassport('not JSON'), faultCoded('PORTICO_SITE_FILE'));
    assert.throws(
      () => parseGatePassport(JSON.stringify(site.file)),
      faultCoded('PORTICO_SITE_FILE'),
    );
  });

  it('allow plain TCP on this machine only, and TLS only with certificates', () => {
    for (const url of [
      'mqtt://broker.example:1883',
      'mqtts://broker.example',
      'http://localhost',
    ]) {
      const elsewhere = JSON.stringify({ ...passport, broker: { url } });
      assert.throws(() => parseGatePassport(elsewhere), faultCoded('PORTICO_SITE_FILE'));
    }
  });

  it('give an auditor no content key', () => {
    assert.equal(site.administrator.contentKeys.length, 1);
    assert.equal(site.auditor.contentKeys.length, 0);
  });
});

describe('the trust of a gate', () => {
  const openKeys = (store = new MemorySiteStore()) => SiteKeys.open(passport!, store);
  const verdictOf = (keys: SiteKeys, kid: string, at = now): string => {
    const found = keys.administrators(at)(kid);
    return found.outcome === 'refused' ? found.reason : found.outcome;
  };

  it('begins with the passport', async () => {
    const keys = await openKeys();
    assert.equal(verdictOf(keys, administratorKid), 'found');
    assert.equal(verdictOf(keys, 'nobody'), 'unknown-key');
    assert.equal(keys.contentKeys.length, 1);
  });

  it('lets a revoked key count no more, also after a restart', async () => {
    const store = new MemorySiteStore();
    const keys = await openKeys(store);
    const file = revokeKey(site.file, administratorKid);
    assert.deepEqual(await keys.acceptTrustList(await trustListOf(file, now)), {
      outcome: 'accepted',
    });
    assert.equal(verdictOf(keys, administratorKid), 'revoked-key');
    assert.equal(verdictOf(await openKeys(store), administratorKid), 'revoked-key');
  });

  it('holds several administrators, each until its end', async () => {
    const keys = await openKeys();
    const validUntilMs = wallMs(now + 1_000);
    const { file } = await addAdministrator(site.file, { roles: ['operate'], validUntilMs });
    await keys.acceptTrustList(await trustListOf(file, now));
    const { kid } = file.administrators.at(-1)!;
    assert.equal(verdictOf(keys, kid), 'found');
    assert.equal(verdictOf(keys, kid, validUntilMs), 'expired-key');
    assert.equal(verdictOf(keys, administratorKid), 'found');
  });

  it('refuses an older list, one of another site, and one that the root did not sign', async () => {
    const keys = await openKeys();
    const older = await trustListOf({ ...site.file, trustEpoch: 1 }, now);
    assert.deepEqual(await keys.acceptTrustList(older), { outcome: 'refused', reason: 'rollback' });
    const foreign = await trustListOf({ ...site.file, site: 'elsewhere', trustEpoch: 99 }, now);
    assert.deepEqual(await keys.acceptTrustList(foreign), {
      outcome: 'refused',
      reason: 'foreign-site',
    });
    const stranger = await trustListOf({ ...(await foundSite('harbour')), trustEpoch: 99 }, now);
    assert.deepEqual(await keys.acceptTrustList(stranger), {
      outcome: 'refused',
      reason: 'unknown-key',
    });
    const byAdministrator = await signDocument(
      'trust-list',
      { epoch: 99 },
      await signerOf(site.administrator.signingKey),
    );
    assert.deepEqual(await keys.acceptTrustList(byAdministrator), {
      outcome: 'refused',
      reason: 'unknown-key',
    });
  });

  it('follows the rotation of content keys, and refuses those of another gate', async () => {
    const keys = await openKeys();
    const rotated = rotateContentKey(site.file);
    await keys.acceptContentKeys(await contentKeysFor(rotated, 'gate-1', now));
    assert.equal(keys.contentKeys.length, 2);
    assert.equal(keys.contentKeys[1]!.kid, site.file.contentKeys[0]!.kid);
    const retired = retireContentKeys(rotated);
    await keys.acceptContentKeys(await contentKeysFor(retired, 'gate-1', now));
    assert.deepEqual(keys.contentKeys, retired.contentKeys);
    const others = await contentKeysFor(retired, 'gate-2', now);
    assert.deepEqual(await keys.acceptContentKeys(others), {
      outcome: 'refused',
      reason: 'unknown-content-key',
    });
    const older = await contentKeysFor(site.file, 'gate-1', now);
    assert.deepEqual(await keys.acceptContentKeys(older), {
      outcome: 'refused',
      reason: 'rollback',
    });
  });

  it('revokes the old key of a gate that is provisioned anew', async () => {
    const request = { gateId: 'gate-2', broker: passport!.broker, now, headEpoch: 5 };
    const { file, passport: renewed } = await provisionGate(site.file, request);
    assert.equal(renewed.minimumHeadEpoch, 5);
    assert.equal(file.gates.length, 2);
    const old = await signerOf(otherPassport!.signingKey);
    assert.ok(file.revoked.includes(old.kid));
    const keys = await openKeys();
    await keys.acceptTrustList(await trustListOf(file, now));
    assert.deepEqual(keys.trust.gateLookup('gate-2')(old.kid), {
      outcome: 'refused',
      reason: 'revoked-key',
    });
    const { kid } = await signerOf(renewed.signingKey);
    assert.equal(keys.trust.gateLookup('gate-2')(kid).outcome, 'found');
    assert.deepEqual(keys.trust.gateLookup('gate-1')(kid), {
      outcome: 'refused',
      reason: 'wrong-gate',
    });
  });
});
