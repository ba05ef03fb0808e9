import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { RosterReport } from '../../../src/console/console-news.ts';
import { PeopleOffice } from '../../../src/console/people-office.ts';
import { RosterWatch } from '../../../src/console/roster-watch.ts';
import type { Similarity } from '../../../src/domain/units.ts';
import type { SiteDesk } from '../../../src/messaging/seat/site-desk.ts';
import { ENCODER, person } from '../../helpers/site-fixture.ts';
import { SiteStand } from '../../helpers/site-stand.ts';
import { unitVector } from '../../helpers/store-data.ts';

const judge = {
  modelId: ENCODER.modelId,
  duplicate: 0.6 as Similarity,
  samePerson: 0.4 as Similarity,
};
const photoOf = (face: number) => [
  [{ modelId: ENCODER.modelId, embedding: unitVector(face, ENCODER.dimension) }],
];

/** A console's view of the people, at a desk of the site. */
function watch(context: TestContext, stand: SiteStand, desk: SiteDesk) {
  const { clock, logger } = stand;
  const reports: RosterReport[] = [];
  const onChange = (report: RosterReport): void => void reports.push(report);
  const roster = new RosterWatch({ desk, clock, logger, onChange });
  context.after(() => roster.close());
  roster.begin();
  const office = new PeopleOffice({ people: () => roster.people, judge, clock });
  return { roster, office, reports };
}

/** In small steps, so that what the desk asks for can come meanwhile. */
async function pass(stand: SiteStand, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    await stand.clock.advance(250);
    await stand.settle();
  }
}

describe('the watch over the roster', () => {
  it('opens everybody, and sees within a second whom another desk enrolled', async (context) => {
    const stand = await SiteStand.open();
    const other = await stand.desk();
    await other.publishRecord(person('ada', 1, 'Ada'));
    await other.publishHead();
    const { roster, reports } = watch(context, stand, await stand.desk());
    assert.equal(roster.report.standing, 'loading');
    await pass(stand, 500);
    assert.equal(roster.report.standing, 'complete');
    assert.equal(roster.report.total, 1);
    await other.publishRecord(person('grace', 2, 'Grace'));
    await other.publishHead();
    await pass(stand, 1_250);
    assert.equal(roster.people?.identity('grace')?.name, 'Grace');
    assert.deepEqual(reports.at(-1)?.total, 2);
  });

  it('enrols nobody while the broker has lost the roster, and goes on when it is filled again', async (context) => {
    const stand = await SiteStand.open();
    const other = await stand.desk();
    await other.publishRecord(person('ada', 1, 'Ada'));
    await other.publishHead();
    stand.broker.retained.clear();
    const desk = await stand.desk('administrator', { book: other.book });
    const { roster, office } = watch(context, stand, desk);
    await pass(stand, 5_000);
    assert.equal(roster.report.standing, 'incomplete');
    const refused = { outcome: 'refused', refusal: { reason: 'roster-not-here' } };
    assert.deepEqual(await office.enrol({ name: 'Ada again' }, photoOf(1)), refused);
    assert.deepEqual(office.judgePhoto(photoOf(1)[0]!), refused.refusal);
    await other.republish();
    await pass(stand, 10_000);
    assert.equal(roster.report.standing, 'complete');
    assert.equal(office.judgePhoto(photoOf(1)[0]!)?.reason, 'duplicate-person');
  });

  it('says of an auditor’s seat that it reads nobody', async (context) => {
    const stand = await SiteStand.open();
    const { roster, reports } = watch(context, stand, await stand.desk('auditor'));
    await pass(stand, 5_000);
    assert.equal(roster.report.standing, 'unreadable');
    assert.equal(roster.people, undefined);
    assert.deepEqual(reports, []);
  });

  it('never enrols one face twice, also when two browsers ask at the same time', async (context) => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    await desk.publishHead();
    const { roster, office } = watch(context, stand, desk);
    await pass(stand, 500);
    const outcomes = await Promise.all([
      office.enrol({ name: 'Ada' }, photoOf(1), 'ada'),
      office.enrol({ name: 'Eve' }, photoOf(1), 'eve'),
    ]);
    assert.deepEqual(outcomes, [
      { outcome: 'done', identityId: 'ada' },
      {
        outcome: 'refused',
        refusal: { reason: 'duplicate-person', resembles: { identityId: 'ada', name: 'Ada' } },
      },
    ]);
    assert.equal(roster.people?.identities().length, 1);
  });
});
