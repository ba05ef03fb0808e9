const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Dates and times as the reader's language writes them, in the reader's own time zone. */
export class Format {
  #date;
  #time;
  #relative;
  #duration;

  /** @param {string} locale */
  constructor(locale) {
    this.#date = new Intl.DateTimeFormat(locale, {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
    });
    this.#time = new Intl.DateTimeFormat(locale, {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    this.#relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    this.#duration = (/** @type {string} */ unit) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
  }

  /** @param {number} atMs */
  date = (atMs) => this.#date.format(atMs);

  /** @param {number} atMs */
  time = (atMs) => this.#time.format(atMs);

  /**
   * @param {number} atMs
   * @param {number} nowMs
   */
  ago(atMs, nowMs) {
    const pastMs = Math.max(0, nowMs - atMs);
    if (pastMs < MINUTE_MS) return this.#relative.format(-Math.round(pastMs / 1_000), 'second');
    if (pastMs < HOUR_MS) return this.#relative.format(-Math.round(pastMs / MINUTE_MS), 'minute');
    if (pastMs < DAY_MS) return this.#relative.format(-Math.round(pastMs / HOUR_MS), 'hour');
    return this.#relative.format(-Math.round(pastMs / DAY_MS), 'day');
  }

  /** @param {number} ms the largest unit that fits */
  duration(ms) {
    const [unit, size] =
      ms < HOUR_MS
        ? /** @type {const} */ (['minute', MINUTE_MS])
        : ms < DAY_MS
          ? /** @type {const} */ (['hour', HOUR_MS])
          : /** @type {const} */ (['day', DAY_MS]);
    return this.#duration(unit).format(Math.floor(ms / size));
  }
}

/**
 * A date field's value, as the local day's first moment.
 * @param {string} value
 * @param {number} days added
 */
export function dayStart(value, days = 0) {
  const [year = 0, month = 1, day = 1] = value.split('-').map(Number);
  return new Date(year, month - 1, day + days).getTime();
}

/** @param {number} atMs @returns {string} for a date field */
export function dayOf(atMs) {
  const date = new Date(atMs);
  const two = (/** @type {number} */ value) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
