import { Button } from 'antd';
import { useState } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { IssuePass } from './issue-pass.tsx';
import { PassRow } from './pass-row.tsx';
import './passes.css';

/** A safety net under the live events, which tell at once when a code has reached a door. */
const refetchMs = 10_000;

export function PassesPage() {
  const m = useMessages().passes;
  const { community } = useCommunity();
  const [issuing, setIssuing] = useState(false);
  const pages = useReadPages(
    'GET /v1/passes',
    { query: community ? { communityId: community.id } : {} },
    { refetchInterval: refetchMs },
  );
  const issueButton = (
    <Button
      type="primary"
      size="large"
      icon={<Icon name="plus" />}
      disabled={!community}
      onClick={() => setIssuing(true)}
    >
      {m.issue}
    </Button>
  );
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
        {pages.items.length > 0 && issueButton}
      </div>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="ticket" title={m.empty}>
            <p>{m.emptyHint}</p>
            {issueButton}
          </Empty>
        }
      >
        {(passes) => (
          <ul className="pass-rows">
            {passes.map((pass) => (
              <PassRow key={pass.id} pass={pass} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
      {community && <IssuePass community={community} open={issuing} onClose={() => setIssuing(false)} />}
    </>
  );
}
