/** Heads a printed page: where it is from, and when and in which time zone it was printed. */
import { printMessages as messages } from '../messages/en.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatTime } from '../times.ts';
import { zoneName } from '../zones.ts';
import { usePrinting } from './use-printing.ts';

export function PrintHead() {
  const { at } = usePrinting();
  const [shownZone] = useChoice(zone);
  return (
    <div class="print-head print-only">
      <p>{location.href}</p>
      <p>{messages.printed(formatTime(at, 'moment', shownZone), zoneName(shownZone))}</p>
    </div>
  );
}
