/** A moment on the site's clock on the wall. */
export interface LocalTime {
  /** 'YYYY-MM-DD'. */
  readonly date: string;
  /** 0 is Monday. */
  readonly weekday: number;
  /** Minutes since the day's 00:00 as the clock shows it, 0 to 1439. */
  readonly minute: number;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
/** The last moment that a date can name (ECMA-262, time values). */
const MAX_WALL_MS = 8.64e15;
const ENGLISH_WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Reads moments as the clock on the wall of one time zone; the formatter is costly and kept. */
export class LocalClock {
  readonly #format: Intl.DateTimeFormat;

  /** @throws RangeError if the zone has no IANA name known to this system */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  }

  /** @returns undefined when the number names no moment of our era */
  read(wallMs: number): LocalTime | undefined {
    if (!(wallMs >= 0 && wallMs <= MAX_WALL_MS)) return undefined;
    const parts = new Map(
      this.#format.formatToParts(wallMs).map((part) => [part.type, part.value]),
    );
    return {
      date: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
      weekday: ENGLISH_WEEKDAYS.indexOf(String(parts.get('weekday'))),
      minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
    };
  }
}

const isLeapYear = (year: number): boolean =>
  year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const daysIn = (year: number, month: number): number =>
  month === 2 && isLeapYear(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);

const write = (year: number, month: number, day: number): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** Whether a text is a day of the calendar, 'YYYY-MM-DD'. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = Number(text.slice(8));
  return day >= 1 && day <= daysIn(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
}

/** The calendar's day before; subtracting 24 hours goes wrong where clocks change. */
export function dayBefore(date: string): string {
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(5, 7));
  const day = Number(date.slice(8));
  if (day > 1) return write(year, month, day - 1);
  return month > 1 ? write(year, month - 1, daysIn(year, month - 1)) : write(year - 1, 12, 31);
}
