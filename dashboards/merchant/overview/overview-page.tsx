import { useAllPages } from '../../kit/api/use-all-pages.ts';
import { useReadPages } from '../../kit/api/use-read.ts';
import { laterPage, laterPart } from '../../kit/code/later.tsx';
import { useSession } from '../../kit/session/session-context.tsx';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Failed } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/use-messages.ts';
import { FunnelTiles } from '../results/funnel-tiles.tsx';
import { together } from '../results/funnel.ts';
import { NextStepCard } from './next-step-card.tsx';
import { firstSteps, nextStep } from './next-step.ts';

const below = () => import('./below.ts');
// One of the two is shown, and neither comes first.
const FirstSteps = laterPage(() => below().then((module) => module.FirstSteps), [160]);
const OnAirCard = laterPage(() => below().then((module) => module.OnAirCard), [160]);
const CampaignList = laterPage(() => below().then((module) => module.CampaignList), [24, 210, 210]);
const StandingNotice = laterPart(() => below().then((module) => module.StandingNotice));
const ReportsLink = laterPart(() => below().then((module) => module.ReportsLink));
const rows = 200;
const list = { query: { limit: rows } };
/** How often it is checked what runs now. */
const lookMs = 15_000;

export function OverviewPage() {
  const words = useMessages();
  const { session } = useSession();
  return (
    <>
      <h1 className="page-title">{words.hello(session?.me.name ?? '')}</h1>
      <StandingNotice />
      <Overview />
    </>
  );
}

function Overview() {
  const words = useMessages();
  const now = useNow(lookMs);
  const clips = useReadPages('GET /v1/clips', list);
  const deals = useReadPages('GET /v1/deals', list);
  const campaigns = useReadPages('GET /v1/campaigns', list);
  const bookings = useAllPages(useReadPages('GET /v1/bookings', list), rows);
  const funnels = useReadPages('GET /v1/campaign-results', list);
  const all = [clips, deals, campaigns, bookings, funnels].map((each) => each.query);

  const failed = all.find((query) => query.error && query.data === undefined);
  if (failed) return <Failed error={failed.error} retry={() => all.forEach((query) => void query.refetch())} />;
  if (all.some((query) => query.data === undefined)) return <Bones heights={[120, 108, 180]} />;

  const standing = { clips: clips.items, deals: deals.items, campaigns: campaigns.items, bookings: bookings.items };
  const done = firstSteps(standing);
  const isNew = !(done.clip && done.deal && done.booking);
  return (
    <div className="stack">
      <NextStepCard step={nextStep(standing, now)} />
      {!isNew && <FunnelTiles funnel={together(funnels.items)} title={words.soFar} />}
      {isNew ? <FirstSteps done={done} /> : <OnAirCard bookings={bookings.items} now={now} />}
      {!isNew && <ReportsLink />}
      {campaigns.items.length > 0 && (
        <CampaignList
          campaigns={campaigns.items}
          bookings={bookings.items}
          clips={clips.items}
          funnels={funnels.items}
          now={now}
        />
      )}
    </div>
  );
}
