import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { EventDocument } from '../../../src/messaging/documents/event-document.ts';
import { signerOf } from '../../../src/messaging/envelope/keys.ts';
import { signDocument } from '../../../src/messaging/envelope/signing.ts';
import { openSeatKeys } from '../../../src/messaging/seat/seat-keys.ts';
import { verifyArchive } from '../../../src/office/verify-archive.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { makeSite, type TestSite } from '../../helpers/site-fixture.ts';
import { faultCoded, scratchFolder } from '../../helpers/store-bench.ts';

const folder = scratchFolder();
const site: Promise<TestSite> = makeSite(new FakeClock());
let files = 0;

async function chain(count: number, streamId = 's'.repeat(22)): Promise<string[]> {
  const signer = await signerOf((await site).passports[0]!.signingKey);
  const lines: string[] = [];
  let previousHash = Buffer.alloc(32).toString('base64url');
  for (let number = 1; number <= count; number += 1) {
    const record = JSON.stringify({ number, atMs: number, event: { type: 'door.closed' } });
    const hash = createHash('sha256')
      .update(Buffer.from(previousHash, 'base64url'))
      .update(record)
      .digest('base64url');
    const event: EventDocument = {
      schemaVersion: 1,
      kind: 'event',
      site: 'harbour',
      gateId: 'gate-1',
      streamId,
      number,
      record,
      previousHash,
      hash,
    };
    lines.push(JSON.stringify({ ...event, signed: await signDocument('event', event, signer) }));
    previousHash = hash;
  }
  return lines;
}

async function verdictOn(lines: readonly string[]) {
  files += 1;
  const path = join(folder, `${files}.jsonl`);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  const { trust } = await openSeatKeys((await site).auditor);
  return verifyArchive(path, trust);
}

const edited = (line: string | undefined, change: (event: EventDocument) => object): string => {
  const event = JSON.parse(line ?? '') as EventDocument;
  return JSON.stringify({ ...event, ...change(event) });
};

describe('verifyArchive', () => {
  it('finds nothing wrong with what a gate wrote, and checks every signature', async () => {
    const verdict = await verdictOn(await chain(5));
    assert.deepEqual(verdict, {
      events: 5,
      streams: 1,
      repeated: 0,
      first: { number: 1 },
      last: { number: 5 },
      breaks: [],
      signed: 5,
    });
  });

  it('takes a gate with a new store for what it is', async () => {
    const both = [...(await chain(2)), ...(await chain(2, 't'.repeat(22)))];
    const verdict = await verdictOn(both);
    assert.deepEqual([verdict.streams, verdict.breaks], [2, []]);
    const mixed = [both[0]!, both[2]!, both[1]!];
    assert.match((await verdictOn(mixed)).breaks[0]?.what ?? '', /takes up an ended numbering/);
  });

  it('names the line at which a record was altered', async () => {
    const lines = await chain(4);
    lines[2] = edited(lines[2], ({ record }) => ({ record: record.replace('closed', 'forced') }));
    const { breaks } = await verdictOn(lines);
    assert.equal(breaks[0]?.line, 3);
    assert.match(breaks[0]?.what ?? '', /altered/);
  });

  it('is not fooled by a record that was altered and hashed anew', async () => {
    const lines = await chain(4);
    lines[2] = edited(lines[2], ({ record, previousHash }) => {
      const forged = record.replace('closed', 'forced');
      const hash = createHash('sha256')
        .update(Buffer.from(previousHash, 'base64url'))
        .update(forged)
        .digest('base64url');
      return { record: forged, hash };
    });
    const { breaks } = await verdictOn(lines);
    assert.deepEqual(
      breaks.map(({ line }) => line),
      [3, 4],
    );
    assert.match(breaks[0]?.what ?? '', /not what its gate signed/);
    assert.match(breaks[1]?.what ?? '', /does not continue event 3/);
  });

  it('names a line that was taken out, put in twice, or is no event', async () => {
    const lines = await chain(4);
    const without = await verdictOn(lines.toSpliced(1, 1));
    assert.match(without.breaks[0]?.what ?? '', /event 3 follows event 1/);
    const again = await verdictOn([...lines, lines[0]!]);
    assert.match(again.breaks[0]?.what ?? '', /event 1 follows event 4/);
    const twice = await verdictOn(lines.toSpliced(1, 0, lines[0]!));
    assert.deepEqual([twice.events, twice.repeated, twice.breaks], [4, 1, []]);
    const torn = await verdictOn([...lines, lines[0]!.slice(0, 50)]);
    assert.deepEqual(torn.breaks, [{ line: 5, what: 'this is not an event' }]);
  });

  it('says so when there is no such file', async () => {
    await assert.rejects(
      verifyArchive(join(folder, 'none'), undefined),
      faultCoded('PORTICO_SITE_FILE'),
    );
  });
});
