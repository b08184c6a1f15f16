import type { RecordView } from '@gatecast/cloud-api/client';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { AccountPage } from './account-page.tsx';
import { DayList } from './day-list.tsx';
import { useRecordWords } from './record-words.ts';

const pageSize = 50;

/** Who looked at one's data: a company and a role, as the law asks, and never a person's name. */
export function RecordViewsPage() {
  const words = useRecordWords();
  const pages = useReadPages('GET /v1/me/record-views', { query: { limit: pageSize } });
  const none = (
    <Empty icon="shield" title={words.noViews}>
      <p>{words.noViewsHint}</p>
    </Empty>
  );
  return (
    <AccountPage page="views">
      <DayList pages={pages} empty={none}>
        {(view) => <ViewRow view={view} />}
      </DayList>
    </AccountPage>
  );
}

function ViewRow({ view: { at, what, company, role } }: { readonly view: RecordView }) {
  const words = useRecordWords();
  const formats = useFormats();
  return (
    <>
      <span className="record-mark">
        <Icon name={what === 'export' ? 'upload' : what === 'log' ? 'list' : 'person'} size={22} />
      </span>
      <span>
        <b>{words.by(company, words.roles[role] ?? role)}</b>
        <span className="account-soft">{words.views[what]}</span>
      </span>
      <span className="record-end">
        <time className="digits">{formats.time(at, homeZone)}</time>
      </span>
    </>
  );
}
