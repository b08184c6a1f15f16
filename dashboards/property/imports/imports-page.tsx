import type { Community, ResidentImport } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { DropFile } from './drop-file.tsx';
import { importTone } from './import-tone.ts';
import './imports.css';

export function ImportsPage() {
  const { community } = useCommunity();
  return community && <Imports key={community.id} community={community} />;
}

function Imports({ community }: { readonly community: Community }) {
  const m = useMessages().imports;
  const pages = useReadPages('GET /v1/communities/:id/resident-imports', { params: { id: community.id } });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
      </div>
      <DropFile communityId={community.id} />
      <section className="card import-history">
        <h2>{m.history}</h2>
        <LoadedPages pages={pages} empty={<p className="soft">{m.historyEmpty}</p>}>
          {(imports) => (
            <ul>
              {imports.map((each) => (
                <HistoryRow key={each.id} of={each} zone={community.zone} />
              ))}
            </ul>
          )}
        </LoadedPages>
        <LoadMore pages={pages} />
      </section>
    </>
  );
}

function HistoryRow({ of, zone }: { readonly of: ResidentImport; readonly zone: string }) {
  const m = useMessages().imports;
  const format = useFormats();
  return (
    <li>
      <Link href={`/imports/${of.id}`}>
        <span>
          <b>{m.file(of.filename, of.rows)}</b>
          <span className="soft">{m.by(of.byName, format.dateTime(of.at, zone))}</span>
        </span>
        <span className={`badge ${importTone[of.state]}`}>{m.state[of.state]}</span>
        <Icon name="forward" />
      </Link>
    </li>
  );
}
