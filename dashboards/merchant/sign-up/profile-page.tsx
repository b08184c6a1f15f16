import type { MerchantProfile } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Loaded, ProblemNotice } from '../../kit/ui/states.tsx';
import { AccountPageHead } from '../page-head.tsx';
import { LicenceForm } from './licence-form.tsx';
import { PayeeForm } from './payee-form.tsx';
import { StorePlaceForm } from './store-place-form.tsx';
import { useSignUpWords } from './sign-up-words.ts';
import './sign-up.css';

const tones = { applied: 'is-warn', approved: 'is-good', rejected: 'is-bad', suspended: 'is-bad' } as const;

/** Where a store's application stands, and its papers. */
export function ProfilePage() {
  const m = useSignUpWords();
  const profile = useRead('GET /v1/merchant-profile', {});
  return (
    <>
      <AccountPageHead title={m.profile} />
      <Loaded query={profile}>{(merchant) => <Papers merchant={merchant} />}</Loaded>
    </>
  );
}

function Papers({ merchant }: { readonly merchant: MerchantProfile }) {
  const m = useSignUpWords();
  const isOpen = merchant.status === 'applied' || merchant.status === 'rejected';
  return (
    <div className="sign-up-papers">
      <Standing merchant={merchant} />
      {isOpen && <LicenceForm licence={merchant.licence} />}
      <PayeeForm payee={merchant.payee} />
      {merchant.stores.map((store) => (
        <StorePlaceForm key={store.id} store={store} />
      ))}
      <section className="card stack">
        <h2 className="section-title">{m.permits}</h2>
        <p className="soft">{m.permitsHint}</p>
        <Link href="/permits" className="button">
          {m.toPermits}
        </Link>
      </section>
    </div>
  );
}

function Standing({ merchant }: { readonly merchant: MerchantProfile }) {
  const m = useSignUpWords();
  const again = useWrite('POST /v1/merchant-profile/apply', ['GET /v1/merchant-profile']);
  const { status, missing, reason, note } = merchant;
  const waits = status === 'applied' || status === 'rejected';
  return (
    <section className="card stack">
      <p>
        <span className={`badge ${tones[status]}`}>{m.status[status]}</span>
      </p>
      <p>{m.statusHint[status]}</p>
      {reason !== null && <p className="notice is-bad">{m.reasons[reason] ?? m.reasons['other']}</p>}
      {note && <p>{m.says(note)}</p>}
      {waits && (
        <ul className="sign-up-missing">
          {missing.map((one) => (
            <li key={one}>
              <Icon name="alert" /> {m.missing[one]}
            </li>
          ))}
        </ul>
      )}
      {status === 'applied' && missing.length === 0 && (
        <p className="notice is-good">
          <Icon name="check" /> <span>{m.allIn}</span>
        </p>
      )}
      <ProblemNotice error={again.error} />
      {status === 'rejected' && (
        <button
          type="button"
          className="button is-primary is-large"
          disabled={again.isPending || missing.length > 0}
          onClick={() => again.mutate({})}
        >
          {m.again}
        </button>
      )}
      {waits && (
        <Link href="/book" className="button">
          {m.look}
        </Link>
      )}
    </section>
  );
}
