/** Shows calls by number of participants, as bars in a table. */
import { type Bucket, bucketName } from './statistics.ts';

export function SizesPlot({ buckets }: { readonly buckets: readonly Bucket[] }) {
  const most = Math.max(1, ...buckets.map(({ calls }) => calls));
  return (
    <table class="sizes">
      <thead class="sr">
        <tr>
          <th scope="col">Participants</th>
          <th scope="col">Calls</th>
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
              <span class="size-count">{bucket.calls.toLocaleString('en')}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
