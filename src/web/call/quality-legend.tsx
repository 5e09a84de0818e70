/** Explains every color of the tables of streams: each metric that a rule limits, with its limit. */
import { legendEntries, tooFewPacketsWords } from '../../contract/quality-words.ts';
import { qualityMessages as messages } from '../messages/en.ts';

export function QualityLegend() {
  return (
    <section class="quality-legend" aria-labelledby="quality-legend">
      <h2 id="quality-legend">{messages.legend}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{messages.media}</th>
            <th scope="col">{messages.metric}</th>
            <th scope="col">{messages.poorWith}</th>
          </tr>
        </thead>
        <tbody>
          {legendEntries().map(({ media, property, metric, poor }) => (
            <tr key={`${media} ${property}`} data-property={property}>
              <td>{media}</td>
              <td>{metric}</td>
              <td class="beyond">{poor}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">
        {messages.legendAudio(tooFewPacketsWords)} {messages.legendVideo}{' '}
        {messages.legendSource(
          <a
            href="https://learn.microsoft.com/microsoftteams/stream-classification-in-call-quality-dashboard"
            target="_blank"
            rel="noreferrer"
          >
            {messages.dashboard}
          </a>,
        )}
      </p>
    </section>
  );
}
