import type { Campaign } from '@gatecast/cloud-api/client';
import { useState, type ReactNode } from 'react';
import { Link, useSearch } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { laterPage } from '../../kit/code/later.tsx';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Empty, Failed } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { isListed } from '../plan/line-item-sums.ts';
import { useBookWords } from './book-words.ts';
import { HeldBookings } from './held-bookings.tsx';
import { NewCampaign } from './new-campaign.tsx';
import { PaidBooking } from './paid-booking.tsx';
import { SlotChoice } from './slot-choice.tsx';
import './book.css';

const PlanChoice = laterPage(() => import('../plan/plan-choice.tsx').then((module) => module.PlanChoice), [160, 320]);
const LineItems = laterPage(() => import('../plan/line-items.tsx').then((module) => module.LineItems), []);

const rows = 200;
const lookMs = 30_000;
const allRows = { query: { limit: rows } };
const approvedClips = { query: { status: 'approved', limit: rows } } as const;

/** Campaign, community, day, half-hour, touches, payment: from above to below, each with a first choice made. */
export function BookPage() {
  const words = useBookWords();
  // Another booking that is wanted again is another choice.
  const again = new URLSearchParams(useSearch()).get('again');
  return (
    <>
      <h1 className="page-title">{words.book}</h1>
      <p className="page-lead">{words.bookLead}</p>
      <OnceAsked>
        <PaidBooking />
        <HeldBookings />
        <BoughtLink />
        <CampaignChoice key={again ?? ''} />
        <LineItems />
      </OnceAsked>
    </>
  );
}

/** What is held stands above the choice: nothing of the page is shown before it is known, or it would be pushed down under the finger. */
function OnceAsked({ children }: { readonly children: ReactNode }) {
  const asked = [
    useReadPages('GET /v1/bookings', allRows),
    useReadPages('GET /v1/campaigns', allRows),
    useReadPages('GET /v1/clips', approvedClips),
  ];
  if (asked.some(({ query }) => query.isLoading)) return <Bones heights={[96, 64, 320]} />;
  return <div className="stack">{children}</div>;
}

/** The way past a long calendar to what was bought. */
function BoughtLink() {
  const words = useBookWords();
  const now = useNow(lookMs);
  const { items } = useReadPages('GET /v1/bookings', allRows);
  const bought = items.filter((booking) => isListed(booking, now));
  if (bought.length === 0) return null;
  return (
    <a href="#bought" className="button is-wide">
      {words.bought(bought.length)}
    </a>
  );
}

function CampaignChoice() {
  const wanted = new URLSearchParams(useSearch());
  const campaigns = useReadPages('GET /v1/campaigns', allRows);
  const clips = useReadPages('GET /v1/clips', approvedClips);
  const [chosenId, setChosenId] = useState(wanted.get('campaign'));
  const [adding, setAdding] = useState(wanted.has('clip'));

  const failed = [campaigns.query, clips.query].find((query) => query.error && query.data === undefined);
  if (failed) return <Failed error={failed.error} retry={failed.refetch} />;

  const usable = campaigns.items.filter((campaign) => clips.items.some((clip) => clip.id === campaign.clipId));
  const chosen = usable.find((campaign) => campaign.id === chosenId) ?? usable[0];
  if (clips.items.length === 0) {
    return (
      <>
        <NoClip />
        <ManySlots campaign={null} />
      </>
    );
  }
  if (adding || !chosen) {
    return (
      <NewCampaign
        clips={clips.items}
        clipId={wanted.get('clip')}
        onMade={(campaign) => {
          setChosenId(campaign.id);
          setAdding(false);
        }}
        onCancel={chosen ? () => setAdding(false) : null}
      />
    );
  }
  return (
    <>
      <CampaignSelect campaigns={usable} chosen={chosen} onChoose={setChosenId} onAdd={() => setAdding(true)} />
      <OneOrMany campaign={chosen} isMany={wanted.has('plan')} />
    </>
  );
}

/** One half-hour of one community, or many of several at once. */
function OneOrMany({ campaign, isMany }: { readonly campaign: Campaign; readonly isMany: boolean }) {
  const words = useBookWords();
  const [many, setMany] = useState(isMany);
  return (
    <>
      <fieldset className="chips" aria-label={words.howToBook}>
        {[false, true].map((each) => (
          <button
            key={String(each)}
            type="button"
            className="chip"
            aria-pressed={many === each}
            onClick={() => setMany(each)}
          >
            <strong>{each ? words.manySlots : words.oneSlot}</strong>
          </button>
        ))}
      </fieldset>
      {many ? <ManySlots campaign={campaign} /> : <SlotChoice campaign={campaign} />}
    </>
  );
}

const ManySlots = ({ campaign }: { readonly campaign: Campaign | null }) => <PlanChoice campaign={campaign} />;

function NoClip() {
  const words = useBookWords();
  return (
    <Empty icon="film" title={words.noApprovedClip}>
      <p>{words.noApprovedClipHint}</p>
      <Link href="/clips" className="button is-primary is-large">
        {words.uploadTitle}
      </Link>
    </Empty>
  );
}

interface CampaignSelectProps {
  readonly campaigns: readonly Campaign[];
  readonly chosen: Campaign;
  readonly onChoose: (id: string) => void;
  readonly onAdd: () => void;
}

function CampaignSelect({ campaigns, chosen, onChoose, onAdd }: CampaignSelectProps) {
  const words = useBookWords();
  return (
    <section className="card row">
      <label className="field grow campaign-select">
        <span className="field-label">{words.whichCampaign}</span>
        <select className="input" value={chosen.id} onChange={(event) => onChoose(event.currentTarget.value)}>
          {campaigns.map((campaign) => (
            <option key={campaign.id} value={campaign.id}>
              {campaign.name}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="button align-end" onClick={onAdd}>
        {words.newCampaign}
      </button>
    </section>
  );
}
