const DAY = 24 * 60;
const WEEK = 7 * DAY;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** A part of the week, in minutes from Monday 00:00 UTC. It may end in the next week. */
export interface Span {
  from: number;
  to: number;
}

const TIME = "([01]\\d|2[0-3]):([0-5]\\d)";
export const DAILY_WINDOW = new RegExp(`^${TIME}-${TIME}$`);
export const WEEKLY_WINDOW = new RegExp(`^(${DAYS.join("|")}):${TIME}-(${DAYS.join("|")}):${TIME}$`);

const minutes = (hours: string | undefined, rest: string | undefined) => Number(hours) * 60 + Number(rest);
const span = (from: number, to: number, period: number): Span => ({
  from,
  to: to <= from ? to + period : to,
});
const eachDay = ({ from, to }: Span): Span[] =>
  DAYS.map((_, day) => ({ from: from + day * DAY, to: to + day * DAY }));

/** The spans of an RDS window: `00:30-01:30` every day, or `sun:06:30-sun:07:30` every week. */
export function spansOf(window: string): Span[] {
  const daily = DAILY_WINDOW.exec(window);
  if (daily) return eachDay(span(minutes(daily[1], daily[2]), minutes(daily[3], daily[4]), DAY));
  const [, first, h1, m1, last, h2, m2] = WEEKLY_WINDOW.exec(window) ?? [];
  const at = (day: string | undefined, h?: string, m?: string) => DAYS.indexOf(day!) * DAY + minutes(h, m);
  return [span(at(first, h1, m1), at(last, h2, m2), WEEK)];
}

/** The spans that start at this hour every day and last this many minutes. */
export const daily = (hour: number, length: number): Span[] =>
  eachDay({ from: hour * 60, to: hour * 60 + length });

export const isLong = (window: string, least: number): boolean =>
  spansOf(window).every(({ from, to }) => to - from >= least);

/** Whether two spans overlap, or one starts less than `apart` minutes after the other has ended. */
export const meet = (some: Span[], others: Span[], apart = 0): boolean =>
  some.some((a) =>
    others.some((b) =>
      [-WEEK, 0, WEEK].some((shift) => a.from < b.to + shift + apart && b.from + shift < a.to),
    ),
  );
