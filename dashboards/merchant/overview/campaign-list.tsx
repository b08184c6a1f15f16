import type { Booking, Campaign, CampaignFunnel, Clip } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { noFunnel } from '../results/funnel.ts';
import { CampaignCard } from './campaign-card.tsx';
import { campaignOrder } from './next-step.ts';
import { useOverviewWords } from './overview-words.ts';

/** As many as somebody looks through; the others come when they are asked for. */
const firstShown = 6;

interface CampaignListProps {
  readonly campaigns: readonly Campaign[];
  readonly bookings: readonly Booking[];
  readonly clips: readonly Clip[];
  readonly funnels: readonly CampaignFunnel[];
  readonly now: number;
}

/** What runs first, then what comes, then the newest. */
export function CampaignList({ campaigns, bookings, clips, funnels, now }: CampaignListProps) {
  const words = useOverviewWords();
  const [all, setAll] = useState(false);
  const ordered = campaignOrder(campaigns, bookings, now);
  const shown = all ? ordered : ordered.slice(0, firstShown);
  return (
    <section className="stack">
      <h2 className="section-title">{words.campaigns}</h2>
      <ul className="card-grid">
        {shown.map((campaign) => (
          <li key={campaign.id}>
            <CampaignCard
              campaign={campaign}
              clip={clips.find((clip) => clip.id === campaign.clipId)}
              funnel={funnels.find((each) => each.campaignId === campaign.id) ?? noFunnel}
            />
          </li>
        ))}
      </ul>
      {shown.length < ordered.length && (
        <button type="button" className="button is-wide" onClick={() => setAll(true)}>
          {words.allCampaigns(ordered.length)}
        </button>
      )}
    </section>
  );
}
