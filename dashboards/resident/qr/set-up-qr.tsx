import { ApiError } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useApi, useWrite } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useOnline } from '../../kit/use-online.ts';
import { meetCloudClock } from './door-clock.ts';
import { newPhoneKey, phoneLabel } from './phone-key.ts';
import { savePhoneKey } from './phone-key-store.ts';
import { useQrWords } from './qr-words.ts';

interface SetUpQrProps {
  /** There was a key before. */
  readonly wasLost: boolean;
  readonly onReady: () => void;
}

/** Says what is about to be made, makes it and tells the cloud the public half. */
export function SetUpQr({ wasLost, onReady }: SetUpQrProps) {
  const words = useQrWords();
  const online = useOnline();
  const { busy, error, setUp } = useSetUp(onReady);
  return (
    <section className="card stack">
      <h2>{wasLost ? words.setUpAgainTitle : words.setUpTitle}</h2>
      {wasLost && <p>{words.setUpAgain}</p>}
      <ul className="qr-facts">
        {words.setUpFacts.map((fact) => (
          <li key={fact}>
            <Icon name="check" /> <span>{fact}</span>
          </li>
        ))}
      </ul>
      <ProblemNotice error={error} />
      {error instanceof ApiError && error.problem.code === 'too-many-phones' && (
        <Link href="/me/ways-in" className="button is-wide">
          {words.managePhones}
        </Link>
      )}
      {!online && <p className="notice is-warn">{words.needsNetwork}</p>}
      <button
        type="button"
        className="button is-primary is-large is-wide"
        disabled={busy || !online}
        onClick={() => void setUp()}
      >
        {busy ? words.settingUp : words.setUp}
      </button>
    </section>
  );
}

function useSetUp(onReady: () => void) {
  const { client, clock } = useApi();
  const register = useWrite('POST /v1/me/phones', ['GET /v1/me/credentials']);
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });

  async function makeAndTell(): Promise<void> {
    const { privateKey, publicKey } = await newPhoneKey();
    const { id } = await register.mutateAsync({ body: { publicKey, label: phoneLabel(navigator.userAgent) } });
    await savePhoneKey({ credential: id, privateKey, counter: 0 }).catch(async (error: unknown) => {
      // A key that is not kept here must not stay one that opens.
      await client('DELETE /v1/me/credentials/:id', { params: { id } });
      throw error;
    });
    await meetCloudClock(clock);
    // A browser may otherwise throw out what a page that is seldom opened has stored; a refusal changes nothing.
    await navigator.storage?.persist?.().catch(() => false);
  }
  const setUp = (): Promise<void> => {
    setState({ busy: true, error: null });
    return makeAndTell().then(onReady, (error: unknown) => setState({ busy: false, error }));
  };
  return { ...state, setUp };
}
