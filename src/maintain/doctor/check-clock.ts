/** Compares this machine's clock with the Date header of a response (RFC 9110, section 6.6.1). */
import { attention, type Finding, well } from './finding.ts';

const mostSeconds = 60;

/** Checks the clock. @param whose `upstream`, `the authority`. */
export function checkClock(whose: string, date: string | undefined, now: Date): readonly Finding[] {
  const apartMs = Math.abs(now.getTime() - Date.parse(date ?? ''));
  if (Number.isNaN(apartMs)) return [];
  const seconds = Math.round(apartMs / 1000);
  const says = `The clock of this machine and that of ${whose} are ${seconds} s apart; up to ${mostSeconds} s are allowed.`;
  if (seconds <= mostSeconds) return [well('clock', says)];
  return [
    attention(
      'clock',
      says,
      'Synchronize the clock by NTP: tokens, time spans and certificates depend on it.',
    ),
  ];
}
