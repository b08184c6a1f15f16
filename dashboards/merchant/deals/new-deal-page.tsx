import type { Store } from '@gatecast/cloud-api/client';
import { useState, type FormEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { useApi, useRead, useWrite } from '../../kit/api/api-context.tsx';
import { localText } from '../../kit/local-moment.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useDealWords } from './merchant-deal-words.ts';
import { useCommunityZone } from '../use-community-zone.ts';
import { readDraft, type DealDraft } from './deal-draft.ts';
import { DealFields } from './deal-fields.tsx';
import { DealPreview } from './deal-preview.tsx';
import './deals.css';

export function NewDealPage() {
  const words = useDealWords();
  const stores = useRead('GET /v1/stores', { query: { limit: 200 } });
  return (
    <>
      <div className="page-head">
        <Link href="/deals" className="round-button" aria-label={words.backToDeals}>
          <Icon name="back" size={24} />
        </Link>
        <h1 className="page-title">{words.newDeal}</h1>
      </div>
      <LoadedOver query={stores} heights={[380, 300]}>
        {({ items }) => <NewDeal stores={items} />}
      </LoadedOver>
    </>
  );
}

const hourMs = 3_600_000;
const openHours = 48;

function emptyDraft(stores: readonly Store[], closes: string): DealDraft {
  return {
    title: '',
    description: '',
    storeId: stores[0]?.id ?? '',
    singlePrice: '',
    groupPrice: '',
    groupSize: '3',
    groupHours: '24',
    stock: '50',
    perPersonMax: '2',
    opens: '',
    closes,
  };
}

/** Two days from now, on the hour before: what most deals want, so that one field less needs a thought. */
const usualEnd = (now: number): number => now - (now % hourMs) + openHours * hourMs;

function NewDeal({ stores }: { readonly stores: readonly Store[] }) {
  const words = useDealWords();
  const { clock } = useApi();
  const [, navigate] = useLocation();
  const zoneOf = useCommunityZone();
  const zoneOfStore = (storeId: string): string => zoneOf(stores.find(({ id }) => id === storeId)?.communityId ?? '');
  const [draft, setDraft] = useState(() =>
    emptyDraft(stores, localText(usualEnd(clock.now()), zoneOfStore(stores[0]?.id ?? ''))),
  );
  const [tried, setTried] = useState(false);
  const create = useWrite('POST /v1/deals', ['GET /v1/deals']);
  const { deal, faults } = readDraft(draft, zoneOfStore(draft.storeId), clock.now());

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setTried(true);
    if (!deal) return focusFirstFault(event.currentTarget);
    if (!create.isPending) create.mutate({ body: deal }, { onSuccess: () => navigate('/deals') });
  };
  return (
    <form className="new-deal" noValidate onSubmit={submit}>
      <div className="stack">
        <DealFields
          draft={draft}
          stores={stores}
          faults={tried ? (faults ?? {}) : {}}
          onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
        />
        <ProblemNotice error={create.error} />
        <button type="submit" className="button is-primary is-large is-wide" disabled={create.isPending}>
          {create.isPending ? words.creating : words.create}
        </button>
      </div>
      <DealPreview draft={draft} closesAt={deal?.closesAt ?? usualEnd(clock.now())} />
    </form>
  );
}

/** After the faults have been drawn, the first wrong field gets the focus. */
function focusFirstFault(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
