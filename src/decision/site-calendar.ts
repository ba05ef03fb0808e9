import { dayBefore, isCalendarDate, LocalClock, type LocalTime } from './local-time.ts';
import {
  ALWAYS,
  type Hours,
  type HoursAnswer,
  type SiteHours,
  WEEKDAYS,
  type Weekday,
} from './schedule.ts';

const DAY_MINUTES = 1440;

/** Minutes from the 00:00 of the day on which it begins; beyond 1440 on the day after. */
interface Span {
  readonly fromMinute: number;
  readonly toMinute: number;
}

interface CompiledSchedule {
  readonly observesHolidays: boolean;
  /** Monday first, seven entries. */
  readonly week: readonly (readonly Span[])[];
}

/**
 * Answers whether a moment is within a schedule's hours on the clock on the wall of the site: an
 * hour that the spring change skips never comes, one that autumn repeats comes twice.
 */
export class SiteCalendar {
  readonly #clock: LocalClock;
  readonly #schedules: ReadonlyMap<string, CompiledSchedule>;
  readonly #holidays: ReadonlyMap<string, readonly Span[]>;

  /** @param hours  checked by {@link hoursProblems} before */
  constructor(hours: SiteHours) {
    this.#clock = new LocalClock(hours.timeZone);
    this.#schedules = new Map(
      Object.entries(hours.schedules).map(([id, schedule]) => [
        id,
        {
          observesHolidays: schedule.observesHolidays,
          week: WEEKDAYS.map((day) => (schedule.week[day] ?? []).map(spanOf)),
        },
      ]),
    );
    this.#holidays = new Map(
      Object.entries(hours.holidays).map(([date, spans]) => [date, spans.map(spanOf)]),
    );
  }

  answer(scheduleId: string, wallMs: number): HoursAnswer {
    if (scheduleId === ALWAYS) return 'inside';
    const schedule = this.#schedules.get(scheduleId);
    if (schedule === undefined) return 'unknown-schedule';
    const local = this.#clock.read(wallMs);
    if (local === undefined) return 'unknown-time';
    const yesterday: LocalTime = {
      date: dayBefore(local.date),
      weekday: (local.weekday + 6) % 7,
      minute: local.minute + DAY_MINUTES,
    };
    return this.#covers(schedule, local) || this.#covers(schedule, yesterday)
      ? 'inside'
      : 'outside';
  }

  #covers(schedule: CompiledSchedule, { date, weekday, minute }: LocalTime): boolean {
    const holiday = schedule.observesHolidays ? this.#holidays.get(date) : undefined;
    const spans = holiday ?? schedule.week[weekday];
    return spans?.some((span) => minute >= span.fromMinute && minute < span.toMinute) === true;
  }
}

/** What makes the hours of a site unfit to be ruled by; empty when nothing does. */
export function hoursProblems(hours: SiteHours): readonly string[] {
  const problems: string[] = [];
  try {
    new LocalClock(hours.timeZone);
  } catch {
    problems.push(`time zone '${hours.timeZone}' is not known to this system`);
  }
  if (Object.hasOwn(hours.schedules, ALWAYS)) {
    problems.push(`schedule '${ALWAYS}' is built in and cannot be redefined`);
  }
  const isKnown = (id: string): boolean => id === ALWAYS || Object.hasOwn(hours.schedules, id);
  if (!isKnown(hours.defaultScheduleId)) {
    problems.push(`the default schedule '${hours.defaultScheduleId}' is not defined`);
  }
  for (const [id, schedule] of Object.entries(hours.schedules)) {
    for (const [day, spans] of Object.entries(schedule.week)) {
      if (!isWeekday(day)) problems.push(`schedule '${id}': '${day}' is not a day of the week`);
      problems.push(...spansProblems(`schedule '${id}', ${day}`, spans));
    }
  }
  for (const [date, spans] of Object.entries(hours.holidays)) {
    if (!isCalendarDate(date)) problems.push(`holiday '${date}' is not a date YYYY-MM-DD`);
    problems.push(...spansProblems(`holiday ${date}`, spans));
  }
  return problems;
}

const isWeekday = (text: string): text is Weekday => WEEKDAYS.some((day) => day === text);

function spansProblems(where: string, spans: readonly Hours[]): readonly string[] {
  return spans
    .filter(({ from, to }) => !isTimeOfDay(from) || !(isTimeOfDay(to) || to === '24:00'))
    .map(({ from, to }) => `${where}: '${from}' to '${to}' are not times HH:MM`)
    .concat(
      spans
        .filter(({ from, to }) => from === to)
        .map(({ from, to }) => `${where}: '${from}' to '${to}' is no time at all`),
    );
}

const isTimeOfDay = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

function spanOf({ from, to }: Hours): Span {
  const fromMinute = minuteOf(from);
  const toMinute = minuteOf(to);
  return { fromMinute, toMinute: toMinute > fromMinute ? toMinute : toMinute + DAY_MINUTES };
}
