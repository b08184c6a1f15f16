import { ApiError, type ClipUpload } from '@gatecast/cloud-api/client';
import { useQueryClient } from '@tanstack/react-query';
import { useApi, useRead } from '../api/api-context.tsx';
import { useFormats } from '../i18n/language-context.tsx';
import { homeZone } from '../format.ts';
import { ProblemNotice } from '../ui/states.tsx';
import { callOff } from './upload-desk.ts';
import { useUploadWords } from './upload-words.ts';

/** Uploads of this account as the cloud has them; none until it has answered. */
export const useUploads = (): readonly ClipUpload[] => useRead('GET /v1/clip-uploads', {}).data?.items ?? [];

const refusalOf = ({ fault }: ClipUpload): ApiError =>
  new ApiError({ type: 'about:blank', title: fault ?? '', status: 422, code: fault ?? 'internal' });

/** A file that was sent and cannot be used: what is wrong, and what to do about it. */
function RefusedUpload({ upload, onDismiss }: { readonly upload: ClipUpload; readonly onDismiss: () => void }) {
  const words = useUploadWords();
  return (
    <div className="stack">
      <strong>{words.refused(upload.fileName)}</strong>
      <ProblemNotice error={refusalOf(upload)} />
      <button type="button" className="button" onClick={onDismiss}>
        {words.dismiss}
      </button>
    </div>
  );
}

/** What an earlier visit left: files to go on with, and verdicts that nobody has seen. */
export function UnfinishedUploads({ uploads }: { readonly uploads: readonly ClipUpload[] }) {
  const words = useUploadWords();
  const formats = useFormats();
  const { client } = useApi();
  const queries = useQueryClient();
  const left = uploads.filter(({ state }) => state !== 'taken');
  if (left.length === 0) return null;
  const forget = async (id: string): Promise<void> => {
    await callOff(client, id);
    await queries.invalidateQueries({ queryKey: ['GET /v1/clip-uploads'] });
  };
  return (
    <section className="stack" aria-label={words.unfinished}>
      {left.some(({ state }) => state === 'receiving') && (
        <>
          <h3 className="section-title">{words.unfinished}</h3>
          <p>{words.unfinishedHint}</p>
        </>
      )}
      <ul className="stack">
        {left.map((upload) => (
          <li key={upload.id}>
            {upload.state === 'refused' ? (
              <RefusedUpload upload={upload} onDismiss={() => void forget(upload.id)} />
            ) : (
              <p className="row spread">
                <span className="unfinished-upload">
                  <strong>{upload.fileName}</strong>
                  <span>
                    {upload.state === 'checking' ? words.beingChecked : words.unfinishedState(shareOf(upload))}
                    {' · '}
                    {words.keptUntil(formats.date(upload.expiresAt, homeZone))}
                  </span>
                </span>
                <button type="button" className="button is-quiet" onClick={() => void forget(upload.id)}>
                  {words.forget}
                </button>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

export const shareOf = ({ receivedBytes, bytes }: ClipUpload): number => Math.floor((receivedBytes / bytes) * 100);
