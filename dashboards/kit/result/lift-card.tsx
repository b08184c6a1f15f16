import type { Lift } from '@gatecast/cloud-api/client';
import { useRead } from '../api/api-context.tsx';
import { useFormats } from '../i18n/language-context.tsx';
import { Failed } from '../ui/states.tsx';
import { Bones } from '../ui/skeleton.tsx';
import { shownEffect } from './lift-figures.ts';
import { useLiftWords } from './lift-words.ts';
import '../ui/foldable.css';
import './explained.css';
import './lift.css';

/** Days end once a day; who leaves the page open overnight sees the new one. */
const refetchInterval = 3_600_000;

/** What the campaign changed, in plain words, or that it is too early to say. */
export function LiftCard({ campaignId }: { readonly campaignId: string }) {
  const words = useLiftWords();
  const query = useRead('GET /v1/campaigns/:id/lift', { params: { id: campaignId } }, { refetchInterval });
  if (query.error && query.data === undefined) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return (
    <section className="card lift">
      <h2 className="section-title">{words.title}</h2>
      {query.data === undefined ? <Bones heights={[60]} /> : <LiftSaid lift={query.data} />}
    </section>
  );
}

function LiftSaid({ lift }: { readonly lift: Lift }) {
  const words = useLiftWords();
  const { number } = useFormats();
  if (lift.state === 'no-holdout')
    return (
      <>
        <p className="soft">{words.noHoldout}</p>
        <p className="soft small">{words.notOfPeople}</p>
      </>
    );
  const basis = [number(lift.communityDays), number(lift.heldOutDays), number(lift.orders)] as const;
  return (
    <>
      <p className="soft small">{words.how(`${lift.holdoutPpm / 10_000}%`)}</p>
      {lift.state === 'told' ? (
        <>
          <Effects lift={lift} />
          <p className="small">{words.basis(...basis)}</p>
          <Caveats lift={lift} />
        </>
      ) : (
        <div className="lift-silent">
          <strong>{words.tooLittle}</strong>
          <p>{words.tooLittleBasis(...basis)}</p>
          <p>{lift.neededDays === null ? words.noOrderYet : words.needs(number(lift.neededDays))}</p>
        </div>
      )}
    </>
  );
}

function Effects({ lift }: { readonly lift: Lift }) {
  const words = useLiftWords();
  const figures = [
    { name: words.perDay, effect: lift.ordersPerDay },
    { name: words.pickedUp, effect: lift.pickedUpPerDay },
    { name: words.perThousand, effect: lift.ordersPerThousandTouches },
  ];
  const { low = 0, high = 0 } = lift.ordersPerDay ?? {};
  return (
    <>
      <dl className="lift-figures">
        {figures.map(({ name, effect }) => {
          if (effect === null) return null;
          const { estimate, low: from, high: to } = shownEffect(effect);
          return (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <strong className="digits">{estimate}</strong>
                <span className="soft small">{words.range(from, to)}</span>
              </dd>
            </div>
          );
        })}
      </dl>
      <p>{low > 0 ? words.forSure : high < 0 ? words.fewer : words.noneForSure}</p>
      {lift.usualOrdersPerDay !== null && (
        <p className="soft small">{words.usual(lift.usualOrdersPerDay.toFixed(1))}</p>
      )}
    </>
  );
}

function Caveats({ lift: { caveats } }: { readonly lift: Lift }) {
  const words = useLiftWords();
  return (
    <details className="explained foldable">
      <summary>{words.caveatsTitle}</summary>
      <ul>
        {caveats.map((caveat) => (
          <li key={caveat}>{words.caveats[caveat]}</li>
        ))}
      </ul>
    </details>
  );
}
