import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { wallMs } from '../../../src/domain/units.ts';
import { keyIdOf } from '../../../src/messaging/envelope/keys.ts';
import { composePerson } from '../../../src/messaging/seat/compose-records.ts';
import {
  isSealedByNewest,
  sealAnew,
  signerIdOf,
} from '../../../src/messaging/seat/sealed-entry.ts';
import { openSeatKeys } from '../../../src/messaging/seat/seat-keys.ts';
import { ROLES } from '../../../src/messaging/site/trust-list.ts';
import {
  beginRotation,
  keysFileOf,
  otherReaders,
  renewSigningKey,
  takeKeys,
} from '../../../src/office/rotate-keys.ts';
import { SiteFolder } from '../../../src/office/site-folder.ts';
import { foundOffice, inviteToSite } from '../../../src/office/site-founder.ts';
import { person } from '../../helpers/site-fixture.ts';
import { faultCoded, scratchFolder } from '../../helpers/store-bench.ts';

const scratch = scratchFolder();
const now = wallMs(1_790_000_000_000);
let folders = 0;

const aPath = (): string => {
  folders += 1;
  return join(scratch, String(folders));
};
const found = (site = 'harbour'): Promise<SiteFolder> =>
  foundOffice({
    path: aPath(),
    site,
    url: 'mqtt://localhost:1883',
    now,
    brokerFiles: { configuration: '', accessList: '' },
  });

describe('a rotation of the content key', () => {
  it('goes on with the key that it made until every record is sealed under it', async () => {
    const folder = await found();
    const book = folder.openBook();
    const issue = { site: 'harbour', keys: await openSeatKeys(folder.seat), book, now };
    book.put(await composePerson(person('a', 1), issue));
    const first = await beginRotation(folder, now);
    const again = await beginRotation(folder, now);
    assert.deepEqual(again.contentKeys, first.contentKeys);
    assert.equal(folder.seat.contentKeys.length, 2);
    const entry = book.entry('a')!;
    const sealed = await sealAnew(entry, folder.seat.contentKeys);
    assert.equal(sealed?.digest, entry.digest);
    assert.equal(isSealedByNewest(sealed?.payload ?? '', folder.seat.contentKeys), true);
    const signer = await keyIdOf('Ed25519', folder.seat.signingKey.x);
    assert.equal(await signerIdOf(sealed!, folder.seat.contentKeys), signer);
    book.put(sealed!);
    const next = await beginRotation(folder, now);
    assert.equal(next.contentKeys.length, 3);
    folder.close();
  });

  it('reaches other administrators by a file, and only those of the site', async () => {
    const folder = await found();
    const bob = SiteFolder.create(aPath(), await inviteToSite(folder, { roles: ['enrol'], now }));
    const auditor = await inviteToSite(folder, { roles: ['audit'], now });
    assert.deepEqual(auditor.contentKeys, []);
    const file = await beginRotation(folder, now);
    assert.equal(await otherReaders(folder, file), 1);
    const keys = await keysFileOf(file, now);
    await takeKeys(bob, keys);
    assert.deepEqual(SiteFolder.open(bob.path).seat.contentKeys, file.contentKeys);
    const stranger = await found('airport');
    await assert.rejects(takeKeys(stranger, keys), faultCoded('PORTICO_SITE_FILE'));
    const older = { ...keys, trustList: auditor.trustList };
    await assert.rejects(takeKeys(bob, older), faultCoded('PORTICO_SITE_FILE'));
  });
});

describe('another signing key for a seat', () => {
  it('has the same roles, and the old one counts until it is revoked', async () => {
    const folder = await found();
    const old = await renewSigningKey(folder, now);
    const administrators = folder.readRoot().administrators;
    assert.deepEqual(
      administrators.map(({ roles }) => roles),
      [[...ROLES], [...ROLES]],
    );
    assert.equal(administrators[0]?.kid, old);
    const own = await keyIdOf('Ed25519', SiteFolder.open(folder.path).seat.signingKey.x);
    assert.equal(administrators[1]?.kid, own);
  });
});
