/** A schedule that comes once, at a time that each run of the program reckons anew. */
export const ONCE = "once";
const ONE_TIME = /^cron\(\d+ \d+ \d+ \d+ \? \d{4}\)$/;

/** When a rule of EventBridge calls, if it does so by the clock. */
export function scheduleOf({ scheduleExpression }: { scheduleExpression?: string }): string | undefined {
  return scheduleExpression && ONE_TIME.test(scheduleExpression) ? ONCE : scheduleExpression;
}
