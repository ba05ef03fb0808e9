/** A part of every day on the clock on the wall; where `to` is not later, it ends on the next day. */
export interface DayHours {
  /** HH:MM */
  readonly from: string;
  /** HH:MM or 24:00 */
  readonly to: string;
}

/** @param minute since 00:00, 0 to 1439 */
export function isWithin({ from, to }: DayHours, minute: number): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  return begin < end ? minute >= begin && minute < end : minute >= begin || minute < end;
}

const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
