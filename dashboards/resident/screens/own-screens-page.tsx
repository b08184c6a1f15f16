import { Link } from 'wouter';
import { useRead, useReadPages } from '../../kit/api/api-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { AccountPage } from '../me/account-page.tsx';
import { ComplaintCard } from './complaint-card.tsx';
import { useScreenWords } from './screen-words.ts';
import './screens.css';

/** The screens of one's own community, to say something of one, and what one has said. */
export function OwnScreensPage() {
  const m = useScreenWords();
  const screens = useRead('GET /v1/me/screens', {});
  const pages = useReadPages('GET /v1/me/complaints', { query: {} });
  return (
    <AccountPage page="screens">
      <section className="card">
        <h2>{m.choose}</h2>
        <Loaded query={screens}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="screen-soft">{m.noScreens}</p>
            ) : (
              <ul className="own-screens">
                {items.map(({ token, entrance }) => (
                  <li key={token}>
                    <Link href={`/s/${token}`} className="button">
                      {entrance}
                    </Link>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
      <h2>{m.mine}</h2>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="screen" title={m.noMine}>
            <p>{m.noMineHint}</p>
          </Empty>
        }
      >
        {(complaints) => complaints.map((each) => <ComplaintCard key={each.id} complaint={each} />)}
      </LoadedPages>
    </AccountPage>
  );
}
