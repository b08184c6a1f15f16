import { Button, Select } from 'antd';
import type { Category, ClipStatus } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { SearchBox } from '../../kit/console/search-box.tsx';
import { useCategoryWords } from '../../kit/content/category-words.ts';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useReviewWords } from '../review/review-words.ts';
import { LibraryRow } from './library-row.tsx';
import { UploadHouseClip } from './upload-house-clip.tsx';
import '../review/review.css';

/** Signed links to pictures last an hour; a page left open asks for fresh ones. */
const refetchMs = 10 * 60_000;
const merchantsMax = 200;
const statuses: readonly ClipStatus[] = [
  'in-review',
  'approved',
  'rejected',
  'taken-down',
  'expired',
  'transcoding',
  'queued',
  'failed',
  'withdrawn',
];

interface Filter {
  readonly q?: string;
  readonly status?: ClipStatus;
  readonly category?: Category;
  readonly merchantId?: string;
}

/** All clips there ever were, with what became of them. */
export function LibraryPage() {
  const m = useReviewWords();
  const [filter, setFilter] = useState<Filter>({});
  const pages = useReadPages('GET /v1/clips', { query: filter }, { refetchInterval: refetchMs });
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.library}</h1>
          <p>{m.libraryIntro}</p>
        </div>
        <UploadHouseClip />
      </div>
      <Filters filter={filter} onChange={setFilter} />
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="film" title={isFiltered ? m.libraryNone : m.libraryEmpty}>
            <p>{isFiltered ? m.libraryHint : m.nothingHint}</p>
            {isFiltered && (
              <Button size="large" onClick={() => setFilter({})}>
                {m.clear}
              </Button>
            )}
          </Empty>
        }
      >
        {(clips) => (
          <ul className="library-rows">
            {clips.map((clip) => (
              <LibraryRow key={clip.id} clip={clip} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

interface FiltersProps {
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

function Filters({ filter, onChange }: FiltersProps) {
  const m = useReviewWords();
  const words = useCategoryWords();
  const { items: merchants } = useReadPages('GET /v1/merchants', { query: { limit: merchantsMax } });
  // A filter that is not set is left out, so that the address of the question stays the same.
  const set = (change: Partial<Record<keyof Filter, string>>): void =>
    onChange(Object.fromEntries(Object.entries({ ...filter, ...change }).filter(([, value]) => value)));
  return (
    <div className="library-filters">
      <SearchBox value={filter.q ?? ''} label={m.search} onSettled={(q) => set({ q })} />
      <Choice
        label={m.allStates}
        value={filter.status}
        options={statuses.map((value) => ({ value, label: m.status[value] ?? value }))}
        onChange={(status) => set({ status: status ?? '' })}
      />
      <Choice
        label={m.allCategories}
        value={filter.category}
        options={Object.entries(words.categories).map(([value, label]) => ({ value, label }))}
        onChange={(category) => set({ category: category ?? '' })}
      />
      <Choice
        label={m.allMerchants}
        value={filter.merchantId}
        options={merchants.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(merchantId) => set({ merchantId: merchantId ?? '' })}
      />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string | undefined) => void;
}

const Choice = ({ label, value, options, onChange }: ChoiceProps) => (
  <Select
    size="large"
    allowClear
    showSearch={{ optionFilterProp: 'label' }}
    aria-label={label}
    placeholder={label}
    value={value}
    options={[...options]}
    onChange={onChange}
  />
);
