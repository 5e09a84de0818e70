/** Shows calls by number of participants, as bars in a table. */
import { formatNumber, statisticsMessages } from '../messages/en.ts';
import { type Bucket, bucketName } from './statistics.ts';

export function SizesPlot({ buckets }: { readonly buckets: readonly Bucket[] }) {
  const most = Math.max(1, ...buckets.map(({ calls }) => calls));
  return (
    <table class="sizes">
      <thead class="sr">
        <tr>
          <th scope="col">{statisticsMessages.participants}</th>
          <th scope="col">{statisticsMessages.calls}</th>
        </tr>
      </thead>
      <tbody>
        {buckets.map((bucket) => (
          <tr key={bucket.from}>
            <th scope="row">{bucketName(bucket)}</th>
            <td>
              <span
                class="size-bar"
                style={{ width: `${(bucket.calls / most) * 100}%` }}
                aria-hidden="true"
              />
              <span class="size-count">{formatNumber(bucket.calls)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
