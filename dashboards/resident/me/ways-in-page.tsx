import type { ResidentProfile } from '@gatecast/cloud-api/client';
import { useRead } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { AccountPage } from './account-page.tsx';
import { OwnCredentials } from './own-credentials.tsx';
import { PinForm } from './pin-form.tsx';
import { useWaysInWords } from './ways-in-words.ts';

/** Everything that opens a door for its owner, and how to take it back. */
export function WaysInPage() {
  const query = useRead('GET /v1/me/profile', {});
  return (
    <AccountPage page="ways-in">
      <LoadedOver query={query} heights={[150, 110, 110]}>
        {(profile) => (
          <>
            <Pin profile={profile} />
            <OwnCredentials />
            {!profile.isChild && <SecondPin profile={profile} />}
          </>
        )}
      </LoadedOver>
    </AccountPage>
  );
}

function Pin({ profile: { id, unit, hasPin } }: { readonly profile: ResidentProfile }) {
  const words = useWaysInWords();
  return (
    <section className="card account-card">
      <span className="row spread">
        <h2>{words.pin}</h2>
        <span className={`badge ${hasPin ? 'is-good' : 'is-warn'}`}>{hasPin ? words.pinIsSet : words.pinIsNone}</span>
      </span>
      <p className="account-soft digits">{words.pinHow(unit)}</p>
      <PinForm endpoint="PUT /v1/residents/:id/pin" residentId={id} action={hasPin ? words.changePin : words.setPin} />
    </section>
  );
}

/** At the end of the page, shut, and called by a name that says nothing. */
function SecondPin({ profile: { id, hasDuressPin } }: { readonly profile: ResidentProfile }) {
  const words = useWaysInWords();
  return (
    <details className="card account-card second-pin">
      <summary>
        <h2>{words.second}</h2>
        <Icon name="forward" />
      </summary>
      <details>
        <summary>{words.secondWhat}</summary>
        <ul className="account-facts">
          {words.secondFacts.map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
      </details>
      <PinForm
        endpoint="PUT /v1/residents/:id/duress-pin"
        residentId={id}
        action={hasDuressPin ? words.changeSecond : words.setSecond}
        {...(hasDuressPin && { removal: words.removeSecond })}
      />
    </details>
  );
}
