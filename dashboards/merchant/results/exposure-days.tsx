import type { Exposure } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useResultWords } from './result-words.ts';
import { ExposureProof } from './exposure-proof.tsx';
import { useCommunityZone } from '../use-community-zone.ts';
import { byDay, deliveredPercent, localDateOf } from './totals.ts';

interface ExposureDaysProps {
  readonly exposures: readonly Exposure[];
  /** Only what is of this local day, `2026-11-23`. */
  readonly day?: string | undefined;
}

/** A campaign's half-hours, day by day, newest first. */
export function ExposureDays({ exposures, day }: ExposureDaysProps) {
  const formats = useFormats();
  const zoneOf = useCommunityZone();
  const own = exposures.filter(
    ({ at, communityId }) => day === undefined || localDateOf(at, zoneOf(communityId)) === day,
  );
  const days = byDay(own, ({ at, communityId }) => formats.date(at, zoneOf(communityId)));
  return (
    <div className="stack">
      {days.map(({ date, exposures: ofDay }) => (
        <section key={date} className="stack exposure-day">
          <h3>{date}</h3>
          <ul className="stack">
            {ofDay.map((exposure) => (
              <li key={`${exposure.communityId} ${exposure.at}`}>
                <ExposureCard exposure={exposure} zone={zoneOf(exposure.communityId)} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function ExposureCard({ exposure, zone }: { readonly exposure: Exposure; readonly zone: string }) {
  const formats = useFormats();
  return (
    <article className="card exposure-card">
      <div className="row spread">
        <strong className="digits exposure-time">{formats.halfHour(exposure.at, zone)}</strong>
        <span className="soft">{exposure.communityName}</span>
        <span className="digits">{formats.money(exposure.priceFen)}</span>
      </div>
      {exposure.state === 'closed' ? <Closed exposure={exposure} zone={zone} /> : <Open exposure={exposure} />}
    </article>
  );
}

const lookMs = 15_000;
const halfHourMs = 30 * 60_000;

function Open({ exposure }: { readonly exposure: Exposure }) {
  const words = useResultWords();
  const formats = useFormats();
  const now = useNow(lookMs);
  const begun = now >= exposure.at;
  const saysWhen = now >= exposure.at + halfHourMs ? words.waiting : begun ? words.publishedAfter : words.notBegun;
  return (
    <p className="exposure-open">
      <span>
        {words.booked} <strong className="digits">{formats.number(exposure.bookedTouches)}</strong>
      </span>
      <span className={begun ? 'badge is-brand' : 'badge'}>
        <Icon name="clock" size={16} /> {saysWhen}
      </span>
    </p>
  );
}

const counters = ['rendered', 'viewable', 'completed'] as const;

function Closed({ exposure, zone }: { readonly exposure: Exposure; readonly zone: string }) {
  const words = useResultWords();
  const formats = useFormats();
  const percent = deliveredPercent(exposure) ?? 0;
  return (
    <>
      <div className="exposure-delivery">
        <p className="row spread">
          <span>
            {words.verified} <strong className="digits">{formats.number(exposure.verified ?? 0)}</strong>
          </span>
          <span className="soft">
            {words.booked} <span className="digits">{formats.number(exposure.bookedTouches)}</span>
          </span>
        </p>
        <progress className="progress is-good" max={100} value={percent} aria-label={`${words.verified} ${percent}%`} />
      </div>
      <dl className="exposure-counters">
        {counters.map((counter) => (
          <div key={counter}>
            <dt>{words[counter]}</dt>
            <dd className="digits">{formats.number(exposure[counter] ?? 0)}</dd>
          </div>
        ))}
        <div className="is-apart">
          <dt>{words.ambient}</dt>
          <dd className="digits">{formats.number(exposure.ambient ?? 0)}</dd>
        </div>
      </dl>
      <ExposureProof exposure={exposure} zone={zone} />
    </>
  );
}
