import { useEffect, useState } from 'react';
import { SignedInPage } from '../signed-in-page.tsx';
import { TopBar } from '../top-bar.tsx';
import { canHoldKeys } from './phone-key.ts';
import { readPhoneKey } from './phone-key-store.ts';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { MyCode } from './my-code.tsx';
import { useQrWords } from './qr-words.ts';
import { SetUpQr } from './set-up-qr.tsx';
import './qr.css';

type Standing =
  | { readonly kind: 'looking' | 'unsupported' | 'none' | 'lost' }
  | { readonly kind: 'ready'; readonly credential: string };

/** The resident's own code. It needs no network and no fresh session: whoever holds the phone holds its key. */
export function QrPage() {
  const words = useQrWords();
  return (
    <>
      <TopBar title={words.title} back="/door" />
      <main className="page qr-page">
        <MyQr />
      </main>
    </>
  );
}

function MyQr() {
  const words = useQrWords();
  const [standing, setStanding] = useState<Standing>({ kind: canHoldKeys() ? 'looking' : 'unsupported' });
  useEffect(() => {
    if (standing.kind !== 'looking') return;
    readPhoneKey().then(
      (key) => setStanding(key ? { kind: 'ready', credential: key.credential } : { kind: 'none' }),
      // A private window, say, in which a browser keeps no keys.
      () => setStanding({ kind: 'unsupported' }),
    );
  }, [standing]);
  const onLost = (): void => setStanding({ kind: 'lost' });

  if (standing.kind === 'looking') return <Bones heights={[360, 60]} />;
  if (standing.kind === 'ready') return <MyCode credential={standing.credential} onLost={onLost} />;
  if (standing.kind === 'unsupported') {
    return (
      <Empty icon="qr" title={words.unsupportedTitle}>
        <p>{words.unsupported}</p>
      </Empty>
    );
  }
  return (
    <SignedInPage icon="qr" title={words.signedOut}>
      <SetUpQr wasLost={standing.kind === 'lost'} onReady={() => setStanding({ kind: 'looking' })} />
    </SignedInPage>
  );
}
