/** Days as an English reader abbreviates them, Monday first. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** The schedule that never closes and heeds no holiday; it always exists and cannot be redefined. */
export const ALWAYS = 'always';

/**
 * From `from` until just before `to`, 'HH:MM' on the site's clock on the wall; `to` may be '24:00'.
 * A `to` at or before `from` lies on the following day. An interval belongs to the day on which it
 * begins: the holiday calendar of that day holds for all of it.
 */
export interface Hours {
  readonly from: string;
  readonly to: string;
}

export interface WeeklySchedule {
  /** A day that is not named is closed. */
  readonly week: Readonly<Partial<Record<Weekday, readonly Hours[]>>>;
  /** False for those who work through: holidays are ordinary days to them. */
  readonly observesHolidays: boolean;
}

export interface SiteHours {
  /** IANA name, such as 'Europe/Zurich'. */
  readonly timeZone: string;
  readonly schedules: Readonly<Record<string, WeeklySchedule>>;
  /** For identities that name none. */
  readonly defaultScheduleId: string;
  /** By date 'YYYY-MM-DD': the hours of that day instead of the week's; none at all is closed. */
  readonly holidays: Readonly<Record<string, readonly Hours[]>>;
}

export type HoursAnswer = 'inside' | 'outside' | 'unknown-schedule' | 'unknown-time';
