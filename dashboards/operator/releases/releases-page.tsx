import { Modal } from 'antd';
import { useState } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { ListPage } from '../../kit/console/list-page.tsx';
import { useMessages } from '../messages/zh.ts';
import { ReleaseCard } from './release-card.tsx';
import { UploadRelease } from './upload-release.tsx';
import './releases.css';

/** Terminals tell how it went within minutes. */
const refetchMs = 30_000;

/** Releases of the program on the terminals: what there is, who runs it, and how it went. */
export function ReleasesPage() {
  const m = useMessages().releases;
  const [isUploading, setIsUploading] = useState(false);
  const pages = useReadPages('GET /v1/releases', { query: {} }, { refetchInterval: refetchMs });
  const close = (): void => setIsUploading(false);
  return (
    <>
      <ListPage
        title={m.title}
        intro={m.intro}
        add={{ label: m.upload, icon: 'upload', onClick: () => setIsUploading(true) }}
        pages={pages}
        empty={{ icon: 'box', title: m.empty, hint: m.emptyHint }}
      >
        {(releases) => (
          <ul className="stack releases">
            {releases.map((release) => (
              <ReleaseCard key={release.id} release={release} />
            ))}
          </ul>
        )}
      </ListPage>
      <Modal open={isUploading} title={m.upload} footer={null} width={520} destroyOnHidden onCancel={close}>
        <UploadRelease onDone={close} />
      </Modal>
    </>
  );
}
