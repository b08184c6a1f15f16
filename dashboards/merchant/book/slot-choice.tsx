import type { Campaign, Community, Slot } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useRead } from '../../kit/api/api-context.tsx';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { localeOf } from '../../kit/i18n/language.ts';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { UnsoldPlaces } from '../plan/unsold-places.tsx';
import { useNear } from '../plan/use-near.ts';
import { useBookWords } from './book-words.ts';
import { BookingSheet } from './booking-sheet.tsx';
import { bookingDays, dayLeaf } from './booking-days.ts';
import { DayGrid } from './slot-grid.tsx';

/** From so many on they are a list to open. */
const chipsMax = 12;
const lookMs = 30_000;

/** Community, day and half-hour. */
export function SlotChoice({ campaign }: { readonly campaign: Campaign }) {
  const words = useBookWords();
  const around = useNear();
  const [chosenId, setChosenId] = useState<string | null>(null);
  return (
    <LoadedOver query={around} heights={[64, 320]}>
      {({ near, unsold }) => {
        const communities = near.map(({ place }) => place);
        const community = communities.find(({ id }) => id === chosenId) ?? communities[0];
        if (!community && unsold.length > 0) return <UnsoldPlaces places={unsold} />;
        if (!community)
          return (
            <Empty icon="shop" title={words.noCommunities}>
              <p>{words.noCommunitiesHint}</p>
            </Empty>
          );
        const Choice = communities.length > chipsMax ? CommunitySelect : CommunityChips;
        return (
          <>
            <Choice communities={communities} chosen={community} onChoose={setChosenId} />
            <UnsoldPlaces places={unsold} />
            <Day key={community.id} campaign={campaign} community={community} />
          </>
        );
      }}
    </LoadedOver>
  );
}

interface CommunityChoiceProps {
  /** The own one first, then by distance. */
  readonly communities: readonly Community[];
  readonly chosen: Community;
  readonly onChoose: (id: string) => void;
}

function CommunityChips({ communities, chosen, onChoose }: CommunityChoiceProps) {
  const words = useBookWords();
  const formats = useFormats();
  return (
    <section className="stack-tight">
      <h2 className="section-title">{words.whichCommunity}</h2>
      <fieldset className="chips" aria-label={words.whichCommunity}>
        {communities.map((community) => (
          <button
            key={community.id}
            type="button"
            className="chip"
            aria-pressed={community.id === chosen.id}
            onClick={() => onChoose(community.id)}
          >
            <strong>{community.name}</strong>
            <span className="digits">{words.households(formats.number(community.households))}</span>
          </button>
        ))}
      </fieldset>
    </section>
  );
}

/** Too many to lie beside each other. */
function CommunitySelect({ communities, chosen, onChoose }: CommunityChoiceProps) {
  const words = useBookWords();
  const formats = useFormats();
  return (
    <label className="field">
      <strong className="section-title">{words.whichCommunity}</strong>
      <select className="input" value={chosen.id} onChange={(event) => onChoose(event.currentTarget.value)}>
        {communities.map(({ id, name, households }) => (
          <option key={id} value={id}>
            {name} · {words.households(formats.number(households))}
          </option>
        ))}
      </select>
    </label>
  );
}

function Day({ campaign, community }: { readonly campaign: Campaign; readonly community: Community }) {
  const words = useBookWords();
  const now = useNow(lookMs);
  const days = bookingDays(now, community.zone);
  const [day, setDay] = useState(0);
  const [slot, setSlot] = useState<Slot | null>(null);
  const date = days[day] ?? '';
  const query = useRead('GET /v1/slots', { query: { communityId: community.id, date, campaignId: campaign.id } });
  return (
    <>
      <DayChips days={days} chosen={day} onChoose={setDay} />
      <section className="stack-tight">
        <h2 className="section-title">{words.whichHalfHour}</h2>
        <LoadedOver query={query} heights={[76, 300, 300]}>
          {({ items }) =>
            items.length > 0 ? (
              <DayGrid slots={items} zone={community.zone} onChoose={setSlot} />
            ) : (
              <Empty icon="clock" title={words.noSlots}>
                <p>{words.noSlotsHint}</p>
              </Empty>
            )
          }
        </LoadedOver>
      </section>
      <BookingSheet
        campaign={campaign}
        community={community}
        slot={query.data?.items.find(({ at }) => at === slot?.at) ?? slot}
        onClose={() => setSlot(null)}
      />
    </>
  );
}

interface DayChipsProps {
  readonly days: readonly string[];
  readonly chosen: number;
  readonly onChoose: (day: number) => void;
}

function DayChips({ days, chosen, onChoose }: DayChipsProps) {
  const words = useBookWords();
  const { language } = useWords();
  const near = [words.today, words.tomorrow];
  return (
    <section className="stack-tight">
      <h2 className="section-title">{words.whichDay}</h2>
      <fieldset className="chips" aria-label={words.whichDay}>
        {days.map((date, index) => {
          const { weekday, day } = dayLeaf(date, localeOf[language]);
          return (
            <button
              key={date}
              type="button"
              className="chip"
              aria-pressed={index === chosen}
              onClick={() => onChoose(index)}
            >
              <strong>{near[index] ?? weekday}</strong>
              <span className="digits">{day}</span>
            </button>
          );
        })}
      </fieldset>
    </section>
  );
}
