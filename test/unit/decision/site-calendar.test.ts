import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dayBefore, isCalendarDate, LocalClock } from '../../../src/decision/local-time.ts';
import type { Hours, SiteHours, WeeklySchedule } from '../../../src/decision/schedule.ts';
import { hoursProblems, SiteCalendar } from '../../../src/decision/site-calendar.ts';

const daily = (hours: readonly Hours[], observesHolidays = true): WeeklySchedule => ({
  week: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours },
  observesHolidays,
});

const ZURICH: SiteHours = {
  timeZone: 'Europe/Zurich',
  schedules: {
    office: {
      week: {
        mon: [
          { from: '08:00', to: '12:00' },
          { from: '13:00', to: '17:30' },
        ],
      },
      observesHolidays: true,
    },
    nights: { week: { fri: [{ from: '22:00', to: '06:00' }] }, observesHolidays: true },
    wholeDay: { week: { sun: [{ from: '00:00', to: '24:00' }] }, observesHolidays: true },
    small: daily([{ from: '02:15', to: '02:45' }]),
    across: daily([{ from: '01:00', to: '03:30' }]),
    guards: daily([{ from: '00:00', to: '24:00' }], false),
  },
  defaultScheduleId: 'office',
  holidays: {
    // A Monday with shorter hours, and a Friday that is closed.
    '2026-08-03': [{ from: '09:00', to: '10:00' }],
    '2026-05-01': [],
  },
};
const calendar = new SiteCalendar(ZURICH);
const utc = (text: string): number => Date.parse(`${text}Z`);
const at = (scheduleId: string, text: string): string => calendar.answer(scheduleId, utc(text));

describe('site calendar', () => {
  it('opens and closes on the minute, on the clock of the site', () => {
    // Winter: Zurich is an hour ahead. Monday 5 January 2026.
    assert.equal(at('office', '2026-01-05T06:59:59'), 'outside');
    assert.equal(at('office', '2026-01-05T07:00:00'), 'inside');
    assert.equal(at('office', '2026-01-05T10:59:59'), 'inside');
    assert.equal(at('office', '2026-01-05T11:00:00'), 'outside');
    assert.equal(at('office', '2026-01-05T12:00:00'), 'inside');
    // Summer: two hours ahead. Monday 6 July 2026.
    assert.equal(at('office', '2026-07-06T06:00:00'), 'inside');
    assert.equal(at('office', '2026-07-06T05:59:59'), 'outside');
  });

  it('is closed on a day that the week does not name', () => {
    assert.equal(at('office', '2026-01-06T09:00:00'), 'outside');
  });

  it('knows always, at any time, and no schedule that is not defined', () => {
    assert.equal(calendar.answer('always', Number.NaN), 'inside');
    assert.equal(at('toString', '2026-01-05T09:00:00'), 'unknown-schedule');
  });

  it('answers for no time that is none', () => {
    for (const wallMs of [Number.NaN, -1, Number.POSITIVE_INFINITY, 8.65e15]) {
      assert.equal(calendar.answer('office', wallMs), 'unknown-time');
    }
  });

  it('carries a night over midnight into the day after, and not into the one before', () => {
    // Friday 9 January 2026, 22:00 in Zurich, to Saturday 06:00.
    assert.equal(at('nights', '2026-01-09T21:00:00'), 'inside');
    assert.equal(at('nights', '2026-01-10T04:59:59'), 'inside');
    assert.equal(at('nights', '2026-01-10T05:00:00'), 'outside');
    assert.equal(at('nights', '2026-01-09T02:00:00'), 'outside');
  });

  it('lets 24:00 end the day', () => {
    assert.equal(at('wholeDay', '2026-01-11T22:59:59'), 'inside');
    assert.equal(at('wholeDay', '2026-01-11T23:00:00'), 'outside');
  });

  it('gives a holiday its own hours, or none, but not to those who work through', () => {
    assert.equal(at('office', '2026-08-03T07:30:00'), 'inside');
    assert.equal(at('office', '2026-08-03T09:00:00'), 'outside');
    assert.equal(at('nights', '2026-05-01T21:00:00'), 'outside', 'a closed Friday has no night');
    assert.equal(at('nights', '2026-05-02T02:00:00'), 'outside', 'nor the morning after it');
    assert.equal(at('guards', '2026-05-01T21:00:00'), 'inside');
  });

  it('has no hour that the spring change skips', () => {
    // 29 March 2026, 01:00 UTC: 02:00 becomes 03:00.
    const open: string[] = [];
    for (let minute = 0; minute < 240; minute += 5) {
      const moment = utc('2026-03-29T00:00:00') + minute * 60_000;
      if (calendar.answer('small', moment) === 'inside') open.push(new Date(moment).toISOString());
    }
    assert.deepEqual(open, []);
    assert.equal(at('across', '2026-03-29T00:59:00'), 'inside', '01:59');
    assert.equal(at('across', '2026-03-29T01:29:00'), 'inside', '03:29');
    assert.equal(at('across', '2026-03-29T01:30:00'), 'outside', '03:30');
  });

  it('has the hour that autumn repeats twice', () => {
    // 25 October 2026, 01:00 UTC: 03:00 becomes 02:00.
    assert.equal(at('small', '2026-10-25T00:20:00'), 'inside', '02:20 in summer time');
    assert.equal(at('small', '2026-10-25T00:50:00'), 'outside', '02:50 in summer time');
    assert.equal(at('small', '2026-10-25T01:20:00'), 'inside', '02:20 in winter time');
  });

  it('finds the day before where the clocks change at midnight', () => {
    // Beirut, 29 March 2026: 00:00 becomes 01:00, so Saturday ends into Sunday 01:00.
    const beirut = new SiteCalendar({
      timeZone: 'Asia/Beirut',
      schedules: {
        nights: { week: { sat: [{ from: '22:00', to: '02:00' }] }, observesHolidays: true },
      },
      defaultScheduleId: 'always',
      holidays: {},
    });
    assert.equal(beirut.answer('nights', utc('2026-03-28T21:59:00')), 'inside');
    assert.equal(beirut.answer('nights', utc('2026-03-28T22:30:00')), 'inside', '01:30');
    assert.equal(beirut.answer('nights', utc('2026-03-28T23:00:00')), 'outside', '02:00');
  });
});

describe('calendar arithmetic', () => {
  it('steps back over months, years and leap days', () => {
    assert.equal(dayBefore('2026-05-02'), '2026-05-01');
    assert.equal(dayBefore('2026-05-01'), '2026-04-30');
    assert.equal(dayBefore('2026-01-01'), '2025-12-31');
    assert.equal(dayBefore('2028-03-01'), '2028-02-29');
    assert.equal(dayBefore('2026-03-01'), '2026-02-28');
    assert.equal(dayBefore('2100-03-01'), '2100-02-28');
    assert.equal(dayBefore('2000-03-01'), '2000-02-29');
  });

  it('agrees with the platform on 2,000 days in a row', () => {
    for (let day = 1; day < 2_000; day += 1) {
      const text = (index: number): string =>
        new Date(Date.UTC(2027, 0, index)).toISOString().slice(0, 10);
      assert.equal(dayBefore(text(day + 1)), text(day));
      assert.ok(isCalendarDate(text(day)));
    }
  });

  it('knows what is no date', () => {
    for (const text of ['2026-02-29', '2026-13-01', '2026-00-10', '2026-04-31', '2026-1-1', 'x']) {
      assert.equal(isCalendarDate(text), false, text);
    }
  });

  it('reads midnight as minute 0', () => {
    assert.deepEqual(new LocalClock('Europe/Zurich').read(utc('2026-01-04T23:00:00')), {
      date: '2026-01-05',
      weekday: 0,
      minute: 0,
    });
  });
});

describe('hours problems', () => {
  it('finds none in sound hours', () => {
    assert.deepEqual(hoursProblems(ZURICH), []);
    assert.deepEqual(hoursProblems({ ...ZURICH, defaultScheduleId: 'always' }), []);
  });

  const unsound: readonly (readonly [string, Partial<SiteHours>])[] = [
    ["time zone 'Mars/Base'", { timeZone: 'Mars/Base' }],
    ["'always' is built in", { schedules: { always: daily([]) }, defaultScheduleId: 'always' }],
    ["default schedule 'lost'", { defaultScheduleId: 'lost' }],
    ["holiday '2026-02-30'", { holidays: { '2026-02-30': [] } }],
    ['not times', { holidays: { '2026-02-01': [{ from: '8:00', to: '12:00' }] } }],
    ['not times', { holidays: { '2026-02-01': [{ from: '24:00', to: '12:00' }] } }],
    ['not times', { holidays: { '2026-02-01': [{ from: '08:00', to: '24:01' }] } }],
    ['no time at all', { holidays: { '2026-02-01': [{ from: '08:00', to: '08:00' }] } }],
    [
      'not a day of the week',
      {
        schedules: {
          office: { week: JSON.parse('{"monday":[]}'), observesHolidays: true },
        },
      },
    ],
  ];
  for (const [what, changes] of unsound) {
    it(`finds: ${what}`, () => {
      const [problem, ...others] = hoursProblems({ ...ZURICH, ...changes });
      assert.ok(problem?.includes(what) === true, problem);
      assert.deepEqual(others, []);
    });
  }
});
