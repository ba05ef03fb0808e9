import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { wallMs } from '../../../src/domain/units.ts';
import { parseGatePassport } from '../../../src/messaging/site/site-files.ts';
import { ROLES } from '../../../src/messaging/site/trust-list.ts';
import { SiteFolder } from '../../../src/office/site-folder.ts';
import { foundOffice, inviteToSite, provisionGateOf } from '../../../src/office/site-founder.ts';

const scratch = mkdtempSync(join(tmpdir(), 'portico-office-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const now = wallMs(1_790_000_000_000);
const brokerFiles = { configuration: 'listener 8883\n', accessList: 'topic portico/SITE/#\n' };
const aPath = (): string => join(mkdtempSync(join(scratch, 'site-')), 'office');
const found = (path = aPath()): Promise<SiteFolder> =>
  foundOffice({ path, site: 'harbour', url: 'mqtts://localhost:18883', now, brokerFiles });
const isSiteFault = { code: 'PORTICO_SITE_FILE' };

describe('the folder of a site', () => {
  it('is for its owner alone, with the broker’s files beside it', async () => {
    const folder = await found();
    assert.equal(statSync(folder.path).mode & 0o777, 0o700);
    for (const name of ['seat.json', 'site.json', 'authority.key', 'broker/broker.key']) {
      assert.equal(statSync(join(folder.path, name)).mode & 0o777, 0o600, name);
    }
    const text = (name: string) => readFileSync(join(folder.path, 'broker', name), 'utf8');
    assert.equal(text('mosquitto.conf'), 'listener 18883\n');
    assert.equal(text('mosquitto.acl'), 'topic portico/harbour/#\n');
    const again = SiteFolder.open(folder.path);
    assert.deepEqual(again.seat, folder.seat);
    assert.deepEqual(again.readRoot().administrators[0]?.roles, [...ROLES]);
  });

  it('is never made over something else', async () => {
    const folder = await found();
    await assert.rejects(found(folder.path), isSiteFault);
  });

  it('makes a gate’s file that can be read, with a certificate of the gate’s own name', async () => {
    const folder = await found();
    const passport = await provisionGateOf(folder, { gateId: 'front', now, headEpoch: 3 });
    assert.deepEqual(parseGatePassport(JSON.stringify(passport)), passport);
    assert.equal(passport.minimumHeadEpoch, 3);
    assert.deepEqual(
      folder.readRoot().gates.map(({ gateId }) => gateId),
      ['front'],
    );
    await assert.rejects(
      provisionGateOf(folder, { gateId: 'auditor', now, headEpoch: 0 }),
      isSiteFault,
    );
  });

  it('makes seats; an auditor’s has no content key', async () => {
    const folder = await found();
    const auditor = await inviteToSite(folder, { roles: ['audit'], now });
    const operator = await inviteToSite(folder, { roles: ['operate'], now });
    assert.deepEqual(auditor.contentKeys, []);
    assert.equal(operator.contentKeys.length, 1);
    const joined = SiteFolder.create(aPath(), auditor);
    assert.deepEqual(SiteFolder.open(joined.path).seat, auditor);
    assert.throws(() => joined.readRoot(), isSiteFault);
  });

  it('keeps the roster book, and forgives a line that a crash cut short', async () => {
    const folder = await found();
    const book = folder.openBook();
    const entry = { kind: 'person', digest: 'd'.repeat(43), payload: 'x' } as const;
    book.put({ ...entry, identityId: 'a', version: 1 });
    book.put({ ...entry, identityId: 'a', version: 2 });
    book.putHead({ epoch: 4, payload: 'h' });
    appendFileSync(join(folder.path, 'book.jsonl'), '{"identityId":"b","ki');
    folder.close();
    const again = SiteFolder.open(folder.path).openBook();
    assert.equal(again.entry('a')?.version, 2);
    assert.equal(again.head?.epoch, 4);
    assert.equal(again.entry('b'), undefined);
    again.put({ ...entry, identityId: 'c', version: 1 });
    assert.equal(SiteFolder.open(folder.path).openBook().entry('c')?.version, 1);
  });

  it('writes a book anew that is mostly old lines, also under another program’s hands', async () => {
    const folder = await found();
    const book = folder.openBook();
    const entry = { kind: 'person', digest: 'd'.repeat(43), payload: 'x' } as const;
    for (let version = 1; version <= 1_010; version += 1) {
      book.put({ ...entry, identityId: 'a', version });
    }
    const path = join(folder.path, 'book.jsonl');
    const lines = () => readFileSync(path, 'utf8').split('\n').length - 1;
    SiteFolder.open(folder.path).openBook();
    assert.equal(lines(), 1_010, 'no head covers it yet: the old lines say since when');
    book.putHead({ epoch: 1, payload: 'h' });
    assert.equal(SiteFolder.open(folder.path).openBook().entry('a')?.version, 1_010);
    assert.equal(lines(), 2);
    book.put({ ...entry, identityId: 'b', version: 1 });
    const again = SiteFolder.open(folder.path).openBook();
    assert.deepEqual([again.entry('b')?.version, again.head?.epoch], [1, 1]);
  });

  it('keeps an event once, also when two programs at one seat hear of it', async () => {
    const folder = await found();
    const other = SiteFolder.open(folder.path);
    const event = (number: number) =>
      ({
        schemaVersion: 1,
        kind: 'event',
        site: 'harbour',
        gateId: 'front',
        streamId: 's'.repeat(22),
        number,
        record: '{}',
        previousHash: 'h'.repeat(43),
        hash: 'h'.repeat(43),
      }) as const;
    for (const number of [1, 2]) {
      await folder.archive.append(event(number), 'x');
      await other.archive.append(event(number), 'x');
    }
    const numbers = folder.archive.tail('front', 9).map(({ number }) => number);
    assert.deepEqual(numbers, [1, 2]);
    assert.equal((await other.archive.position('front'))?.number, 2);
  });

  it('names a damaged file', async () => {
    const folder = await found();
    writeFileSync(join(folder.path, 'seat.json'), '{"kind":"portico-seat"}');
    assert.throws(() => SiteFolder.open(folder.path), isSiteFault);
    writeFileSync(join(folder.path, 'book.jsonl'), 'nonsense\n');
    assert.throws(() => folder.openBook(), isSiteFault);
  });
});
