import type { Campaign, Clip } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { Icon } from '../../kit/ui/icon.tsx';
import { FunnelRow } from './funnel-row.tsx';
import type { Funnel } from '../results/funnel.ts';
import { useOverviewWords } from './overview-words.ts';

/** Clips that leave a campaign with nothing to show; its paid half-hours wait. */
const stopped: readonly string[] = ['rejected', 'taken-down', 'expired', 'withdrawn'];

interface CampaignCardProps {
  readonly campaign: Campaign;
  readonly clip: Clip | undefined;
  readonly funnel: Funnel;
}

export function CampaignCard({ campaign, clip, funnel }: CampaignCardProps) {
  const words = useOverviewWords();
  return (
    <article className="card campaign-card">
      <div className="campaign-head">
        <div className="thumb">
          {clip?.posterUrl ? <img src={clip.posterUrl} alt="" loading="lazy" /> : <Icon name="film" />}
        </div>
        <div>
          <h3>{campaign.name}</h3>
          <p className="soft">
            {words.bookings(campaign.bookings)}
            {campaign.dealId === null && ` · ${words.noDealYet}`}
          </p>
        </div>
      </div>
      {stopped.includes(campaign.clipStatus) && <p className="notice is-warn">{words.clipStopped}</p>}
      <FunnelRow funnel={funnel} />
      <div className="row">
        <Link href={`/results/${campaign.id}`} className="button grow">
          <Icon name="chart" /> {words.seeResults}
        </Link>
        <Link href={`/book?campaign=${campaign.id}`} className="button grow">
          <Icon name="megaphone" /> {words.bookMore}
        </Link>
      </div>
    </article>
  );
}
