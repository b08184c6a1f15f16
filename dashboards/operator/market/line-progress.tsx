import type { Booking, Progress } from '@gatecast/cloud-api/client';
import { useRead } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { useMarketWords } from './market-words.ts';
import { WideTable } from './wide-table.tsx';

interface LineProgressProps {
  readonly id: string;
  readonly unit: Booking['unit'];
}

/** What a line item got so far, how it is expected to end, and by day what was planned for it. */
export function LineProgress({ id, unit }: LineProgressProps) {
  const progress = useRead('GET /v1/bookings/:id/progress', { params: { id } });
  return <Loaded query={progress}>{(data) => <Shown progress={data} unit={unit} />}</Loaded>;
}

function Shown({ progress, unit }: { readonly progress: Progress; readonly unit: Booking['unit'] }) {
  const m = useMarketWords();
  const format = useFormats();
  const { state, verifiedTouches, outlook, makeGoods } = progress;
  return (
    <section className="stack">
      <dl className="card market-facts">
        <div>
          <dt className="soft">{m.verified}</dt>
          <dd className="digits">
            {format.number(verifiedTouches)} {m.units[unit]}
          </dd>
        </div>
        {outlook && (
          <div>
            <dt className="soft">{m.expectedEnd}</dt>
            <dd className="digits">
              {format.number(outlook.expectedTouches)}{' '}
              <span className="soft">
                ({format.number(outlook.lowTouches)}–{format.number(outlook.highTouches)})
              </span>
            </dd>
          </div>
        )}
        <div>
          <dt className="soft">{m.course}</dt>
          <dd>{m.states[state]}</dd>
        </div>
      </dl>
      <h2>{m.plannedByDay}</h2>
      {progress.days.length === 0 ? <p className="soft">{m.noDays}</p> : <Days days={progress.days} />}
      {makeGoods.length > 0 && (
        <>
          <h2>{m.makeGoods}</h2>
          <ul className="card market-history">
            {makeGoods.map(({ no, fromAt, toAt, missingTouches }) => (
              <li key={no} className="digits">
                {m.madeGood(format.date(fromAt, homeZone), format.date(toAt, homeZone), format.number(missingTouches))}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Days({ days }: Pick<Progress, 'days'>) {
  const m = useMarketWords();
  const format = useFormats();
  return (
    <WideTable label={m.plannedByDay} heads={[m.day, m.planned, m.delivered, m.filtered]}>
      {days.map(({ date, plannedTouches, verifiedTouches, filteredPlays }) => (
        <tr key={date}>
          <th scope="row">{date}</th>
          <td>{format.number(plannedTouches)}</td>
          <td>{format.number(verifiedTouches)}</td>
          <td>{format.number(filteredPlays)}</td>
        </tr>
      ))}
    </WideTable>
  );
}
