/**
 * Parses durations of the control API: milliseconds, or an ISO 8601 duration without years and months, whose length depends
 * on the calendar.
 */

export const durationPattern =
  /^P(?=[\dT])(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?$/;

type Duration = string | number;

/** @param duration Matches `durationPattern`, or is a number of milliseconds. */
export function durationMs(duration: Duration): number {
  if (typeof duration === 'number') return duration;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = durationPattern.exec(duration) ?? [];
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60;
  return Math.round((whole + Number(seconds)) * 1000);
}
