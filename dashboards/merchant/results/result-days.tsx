import type { CampaignResult } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useRead, useReadPages } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { ResultBar, weightOf } from './community-bars.tsx';
import { useCostWords } from '../../kit/result/cost-words.ts';
import { ExposureDays } from './exposure-days.tsx';
import { MoreButton } from './more-button.tsx';
import { PlacementRows } from './placement-rows.tsx';

const perPage = 50;
const hourMs = 3_600_000;
/** Local days of communities elsewhere begin and end so much earlier or later, at most. */
const zonesApartMs = 14 * hourMs;
/** Results are published by live events; this catches up after a gap. */
const refetchInterval = 30_000;
const daysShownFirst = 14;

/** Day by day, the latest first; the half-hours of a day are asked for when it is opened. */
export function ResultDays({ result }: { readonly result: CampaignResult }) {
  const words = useCostWords();
  const { number } = useFormats();
  const [shownMax, setShownMax] = useState(daysShownFirst);
  const { campaignId, days, left } = result;
  const most = Math.max(...days.map(weightOf));
  const shown = days.slice(0, shownMax);
  return (
    <div className="stack result-days">
      {days.length > 0 && <p className="soft">{words.daysHint}</p>}
      {shown.map((row) => (
        <ResultDay key={row.day} campaignId={campaignId} row={row} most={most} />
      ))}
      {shown.length < days.length && <MoreButton onMore={() => setShownMax(shownMax + daysShownFirst)} />}
      {shown.length === days.length && left.days > 0 && <p className="soft">{words.left(number(left.days))}</p>}
    </div>
  );
}

interface ResultDayProps {
  readonly campaignId: string;
  readonly row: CampaignResult['days'][number];
  readonly most: number;
}

function ResultDay({ campaignId, row, most }: ResultDayProps) {
  const formats = useFormats();
  const [isOpen, setOpen] = useState(false);
  const midnight = Date.parse(`${row.day}T00:00:00Z`);
  const span = { from: midnight - zonesApartMs, to: midnight + 24 * hourMs + zonesApartMs };
  return (
    <details className="card result-day" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <strong>{formats.date(midnight, 'UTC')}</strong>
        <ResultBar row={row} most={most} />
      </summary>
      {isOpen && (
        <>
          <DayByPlace campaignId={campaignId} day={row.day} />
          <HalfHours campaignId={campaignId} {...span} day={row.day} />
        </>
      )}
    </details>
  );
}

/** The whole day by kind of door, however many of its half-hours are shown. */
function DayByPlace({ campaignId, day }: { readonly campaignId: string; readonly day: string }) {
  const query = { from: day, to: day };
  const { data } = useRead('GET /v1/campaigns/:id/result', { params: { id: campaignId }, query }, { refetchInterval });
  return <PlacementRows placements={data?.placements ?? []} />;
}

interface HalfHoursProps {
  readonly campaignId: string;
  readonly from: number;
  readonly to?: number;
  /** Only what is of this local day. */
  readonly day?: string;
}

/** The half-hours of a span, some at a time. */
export function HalfHours({ campaignId, from, to, day }: HalfHoursProps) {
  const words = useCostWords();
  const query = { campaignId, from, limit: perPage, ...(to !== undefined && { to }) };
  const pages = useReadPages('GET /v1/exposures', { query }, { refetchInterval });
  return (
    <>
      <LoadedPages pages={pages} empty={<p className="soft">{words.nothing}</p>}>
        {(exposures) => <ExposureDays exposures={exposures} day={day} />}
      </LoadedPages>
      {pages.query.hasNextPage && (
        <MoreButton isBusy={pages.query.isFetchingNextPage} onMore={() => void pages.query.fetchNextPage()} />
      )}
    </>
  );
}

/** What plays now or later, before there is any day with a result; asked for when it is opened. */
export function ComingHalfHours({ campaignId }: { readonly campaignId: string }) {
  const words = useCostWords();
  const [openedAt, setOpenedAt] = useState<number | null>(null);
  return (
    <details
      className="card result-day"
      onToggle={(event) => setOpenedAt(event.currentTarget.open ? Date.now() : null)}
    >
      <summary>
        <strong>{words.coming}</strong>
        <p className="soft small">{words.comingHint}</p>
      </summary>
      {openedAt !== null && <HalfHours campaignId={campaignId} from={openedAt - 24 * hourMs} />}
    </details>
  );
}
