import type { OwnRecord } from '@gatecast/cloud-api/client';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { AccountPage } from './account-page.tsx';
import { DayList } from './day-list.tsx';
import { useRecordWords } from './record-words.ts';

const pageSize = 50;

/** What one has opened oneself, when and by what. */
export function RecordsPage() {
  const words = useRecordWords();
  const pages = useReadPages('GET /v1/me/records', { query: { limit: pageSize } });
  const none = (
    <Empty icon="list" title={words.none}>
      <p>{words.noneHint}</p>
    </Empty>
  );
  return (
    <AccountPage page="records">
      <DayList pages={pages} empty={none}>
        {(record) => <RecordRow record={record} />}
      </DayList>
      <p className="account-soft">{words.kept}</p>
    </AccountPage>
  );
}

const icons: Readonly<Record<NonNullable<OwnRecord['via']>, IconName>> = {
  pin: 'key',
  code: 'ticket',
  card: 'card',
  qr: 'qr',
  remote: 'remote',
  exit: 'exit',
  fire: 'flame',
};

function RecordRow({ record: { at, entranceName, kind, via, reason } }: { readonly record: OwnRecord }) {
  const words = useRecordWords();
  const formats = useFormats();
  const isOpen = kind === 'opened';
  const how = via && words.via[via];
  const why = isOpen ? null : ((reason && words.reasons[reason]) ?? reason);
  return (
    <>
      <span className={`record-mark ${isOpen ? '' : 'is-refused'}`}>
        <Icon name={via ? icons[via] : 'door'} size={22} />
      </span>
      <span>
        <b>{entranceName}</b>
        <span className="account-soft">{[how, why].filter(Boolean).join(' · ')}</span>
      </span>
      <span className="record-end">
        <time className="digits">{formats.time(at, homeZone)}</time>
        {!isOpen && <span className="badge is-bad">{words.refused}</span>}
      </span>
    </>
  );
}
