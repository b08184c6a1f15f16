import type { Consent } from '@gatecast/cloud-api/client';
import { useId } from 'react';
import { useRead, useWrite } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { Empty, ProblemNotice } from '../../kit/ui/states.tsx';
import { AccountPage } from './account-page.tsx';
import { useAccountWords } from './account-words.ts';
import { OwnSegmentChoice } from './own-segment.tsx';

/** One switch a purpose, each off until somebody turns it, with the words that they agree to. */
export function ConsentsPage() {
  const words = useAccountWords();
  const query = useRead('GET /v1/me/consents', {});
  return (
    <AccountPage page="consents">
      <LoadedOver query={query} heights={[150, 150, 150]}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="shield" title={words.consentsChild} />
          ) : (
            <>
              <p className="account-soft">{words.consentsLead}</p>
              {items.map((consent) => (
                <ConsentCard key={consent.purpose} consent={consent} />
              ))}
            </>
          )
        }
      </LoadedOver>
    </AccountPage>
  );
}

function ConsentCard({ consent }: { readonly consent: Consent }) {
  const words = useAccountWords();
  const { language } = useWords();
  const formats = useFormats();
  const id = useId();
  const write = useWrite('PUT /v1/me/consents/:purpose', ['GET /v1/me/consents']);
  const { purpose, granted, at, textVersion, currentText } = consent;
  const isOutdated = granted && textVersion !== currentText.version;
  const shown = write.isPending ? write.variables.body.granted : granted;
  const turn = (to: boolean): void =>
    write.mutate({ params: { purpose }, body: { granted: to, textVersion: currentText.version } });
  return (
    <section className="card account-card">
      <label className="consent-switch" htmlFor={id}>
        <h2>{words.purposes[purpose]}</h2>
        <input
          id={id}
          type="checkbox"
          role="switch"
          checked={shown}
          aria-checked={shown}
          aria-describedby={`${id}-text`}
          disabled={write.isPending}
          onChange={(event) => turn(event.currentTarget.checked)}
        />
      </label>
      <p id={`${id}-text`}>{currentText[language]}</p>
      <p className="account-soft">
        {granted && at !== null && textVersion !== null
          ? words.grantedAt(formats.dateTime(at, homeZone), textVersion)
          : words.offVersion(currentText.version)}
      </p>
      {isOutdated && (
        <button type="button" className="button" onClick={() => turn(true)}>
          {words.textChanged}
        </button>
      )}
      {purpose === 'personal-offers' && granted && !write.isPending && <OwnSegmentChoice />}
      <ProblemNotice error={write.error} />
    </section>
  );
}
