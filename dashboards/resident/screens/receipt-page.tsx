import { useRead } from '../../kit/api/api-context.tsx';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Failed } from '../../kit/ui/states.tsx';
import { TabBar } from '../tab-bar.tsx';
import { ComplaintCard } from './complaint-card.tsx';
import { useScreenWords } from './screen-words.ts';

const refetchMs = 30_000;

/** What became of a word against a screen, for whoever keeps the address of this page. */
export function ReceiptPage({ receipt }: { readonly receipt: string }) {
  const m = useScreenWords();
  const query = useRead('GET /v1/complaint-receipts/:receipt', { params: { receipt } }, { refetchInterval: refetchMs });
  return (
    <>
      <header className="page-head">
        <h1>{m.sent}</h1>
      </header>
      <main className="page">
        {query.data ? (
          <>
            <ComplaintCard complaint={query.data} />
            <p className="screen-soft">
              {m.keep} {m.own}
            </p>
          </>
        ) : query.error ? (
          <Failed error={query.error} retry={query.refetch} />
        ) : (
          <Bones heights={[180]} />
        )}
      </main>
      <TabBar />
    </>
  );
}
