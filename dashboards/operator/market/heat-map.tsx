import type { HeatMap } from '@gatecast/cloud-api/client';
import { Button } from 'antd';
import { clockText } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { saveFile } from '../../kit/save-file.ts';
import { csvText } from './csv.ts';
import { useMarketWords } from './market-words.ts';

const halfHours = 48;
const halfHourMinutes = 30;
const wholePpm = 1_000_000;
/** Beyond how much of it is sold a cell is how dark. */
const steps = [50_000, 250_000, 500_000, 800_000];

const toneOf = (soldPpm: number): string => `heat-${steps.filter((from) => soldPpm >= from).length}`;

/** Half-hours down, days across; each cell says its percent in figures too. */
export function HeatTable({ map, where }: { readonly map: HeatMap; readonly where: string }) {
  const m = useMarketWords();
  return (
    <section className="stack">
      <div className="row spread">
        <p className="soft">{m.legend}</p>
        <Button size="large" onClick={() => saveFile(`sell-through-${map.week}.csv`, 'text/csv', [heatCsv(map, m)])}>
          {m.download}
        </Button>
      </div>
      <div className="card market-table heat">
        <table>
          <caption className="soft">{m.heat(where)}</caption>
          <thead>
            <tr>
              <th scope="col">{m.time}</th>
              {m.weekdays.map((day) => (
                <th key={day} scope="col">
                  {day}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: halfHours }, (_, halfHour) => (
              <HeatRow key={halfHour} map={map} halfHour={halfHour} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function HeatRow({ map, halfHour }: { readonly map: HeatMap; readonly halfHour: number }) {
  const m = useMarketWords();
  const format = useFormats();
  const time = clockText(halfHour * halfHourMinutes);
  return (
    <tr>
      <th scope="row" className="digits">
        {time}
      </th>
      {m.weekdays.map((day, n) => {
        const cell = map.cells[n * halfHours + halfHour];
        if (!cell) return null;
        const { expectedTouches, openTouches, soldTouches, soldPpm } = cell;
        const title = m.heatCell(
          day,
          time,
          format.number(expectedTouches),
          format.number(openTouches),
          format.number(soldTouches),
        );
        return (
          <td key={day} className={soldPpm === null ? '' : toneOf(soldPpm)} title={title}>
            {soldPpm === null ? '–' : Math.round((soldPpm / wholePpm) * 100)}
          </td>
        );
      })}
    </tr>
  );
}

const heatCsv = (map: HeatMap, m: ReturnType<typeof useMarketWords>): string =>
  csvText([
    [m.day, m.time, m.expected, m.open, m.sold],
    ...map.cells.map(({ expectedTouches, openTouches, soldTouches }, n) => [
      m.weekdays[Math.floor(n / halfHours)] ?? '',
      clockText((n % halfHours) * halfHourMinutes),
      expectedTouches,
      openTouches,
      soldTouches,
    ]),
  ]);
