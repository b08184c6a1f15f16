import type { Endpoints } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useLineItemWords } from './line-item-words.ts';

type Day = Endpoints['GET /v1/bookings/:id/progress']['result']['days'][number];

/** What was planned and what came, day by day. */
export function LineItemDays({ days }: { readonly days: readonly Day[] }) {
  const words = useLineItemWords();
  const formats = useFormats();
  return (
    <details className="line-days">
      <summary>{words.byDay}</summary>
      {days.length === 0 ? (
        <p className="soft">{words.noDays}</p>
      ) : (
        <table className="digits">
          <thead>
            <tr>
              {[words.day, words.planned, words.verified, words.filtered].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.date}>
                <th scope="row">{day.date}</th>
                <td>{formats.number(day.plannedTouches)}</td>
                <td>{formats.number(day.verifiedTouches)}</td>
                <td>{formats.number(day.filteredPlays)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
