import type { ReactNode } from 'react';
import type { Pages } from '../../kit/api/api-context.tsx';
import { byDay } from '../../kit/by-day.ts';
import { homeZone } from '../../kit/format.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';

interface DayListProps<T> {
  readonly pages: Pages<T>;
  readonly empty: ReactNode;
  readonly children: (row: T) => ReactNode;
}

/** Rows newest first under the days they belong to, more of them at a press. */
export function DayList<T extends { readonly at: number }>({ pages, empty, children }: DayListProps<T>) {
  const { kit } = useWords();
  const formats = useFormats();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages.query;
  return (
    <LoadedPages pages={pages} empty={empty}>
      {(rows) => (
        <>
          {byDay(rows, (at) => formats.date(at, homeZone)).map(([day, sameDay]) => (
            <section key={day} className="card account-card">
              <h2>{day}</h2>
              <ul className="account-list is-rows">
                {sameDay.map((row, index) => (
                  <li key={`${row.at}-${index}`}>{children(row)}</li>
                ))}
              </ul>
            </section>
          ))}
          {hasNextPage && (
            <button
              type="button"
              className="button is-wide"
              disabled={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {kit.loadMore}
            </button>
          )}
        </>
      )}
    </LoadedPages>
  );
}
