import { useRead } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { useMarketWords } from './market-words.ts';
import { WideTable } from './wide-table.tsx';
import './market.css';

const shown = 100;
const refetchMs = 30_000;
const wholePpm = 1_000_000;

/** The newest runs of the plan. */
export function ReplansPage() {
  const m = useMarketWords();
  const format = useFormats();
  const runs = useRead('GET /v1/delivery/replans', { query: { limit: shown } }, { refetchInterval: refetchMs });
  const heads = [m.startedAt, m.took, m.runLines, m.fits, m.spread, m.changed, m.changedPlaces];
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.replans}</h1>
          <p>{m.replansIntro}</p>
        </div>
      </div>
      <Loaded query={runs}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="clock" title={m.noReplans}>
              <p>{m.noReplansHint}</p>
            </Empty>
          ) : (
            <WideTable label={m.replans} note={`${m.spread}: ${m.spreadHint}`} heads={heads}>
              {items.map((run) => (
                <tr key={run.startedAt}>
                  <th scope="row">{format.dateTime(run.startedAt, homeZone)}</th>
                  <td>{m.seconds(format.number(Math.round(run.ms / 100) / 10))}</td>
                  <td>{format.number(run.lineItems)}</td>
                  <td>{format.percent(run.plannedPpm / wholePpm)}</td>
                  <td>{format.percent(1 - run.spreadPpm / wholePpm)}</td>
                  <td>{format.number(run.cellsChanged)}</td>
                  <td>{format.number(run.communitiesChanged)}</td>
                </tr>
              ))}
            </WideTable>
          )
        }
      </Loaded>
    </>
  );
}
