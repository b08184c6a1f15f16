import { useOnline } from '../use-online.ts';
import { Icon } from '../ui/icon.tsx';
import { ProblemNotice } from '../ui/states.tsx';
import { megabytes } from './chosen-file.ts';
import { isOurs, type UploadDesk, type UploadState } from './upload-desk.ts';
import { useUploadWords } from './upload-words.ts';

type OnTheWay = Extract<UploadState, { readonly sentBytes: number }>;

/** How far a file is, and its brakes. */
export function UploadProgress({ state, desk }: { readonly state: OnTheWay; readonly desk: UploadDesk }) {
  const words = useUploadWords();
  const isOnline = useOnline();
  const percent = Math.min(100, Math.floor((state.sentBytes / state.bytes) * 100));
  const said = words[state.phase](percent);
  const isBroken = state.phase === 'stopped' && isOurs(state.error);
  return (
    <div className="stack">
      <p className="unfinished-upload">{state.fileName}</p>
      <p className="row spread">
        <strong className="digits">{said}</strong>
        <span className="digits">{words.sentOf(megabytes(state.sentBytes), megabytes(state.bytes))}</span>
      </p>
      <progress className="progress" max={100} value={percent} aria-label={said} />
      {(!isOnline || isBroken) && (
        <output className="notice is-warn">
          <Icon name="wifi" /> <span>{words.noNetwork}</span>
        </output>
      )}
      {state.phase === 'stopped' && !isBroken && <ProblemNotice error={state.error} />}
      <p className="row">
        {state.phase === 'sending' ? (
          <button type="button" className="button" onClick={() => desk.pause()}>
            <Icon name="pause" /> {words.pause}
          </button>
        ) : (
          <button type="button" className="button is-primary" onClick={() => desk.goOn()}>
            <Icon name="upload" /> {words.goOn}
          </button>
        )}
        <button type="button" className="button is-quiet" onClick={() => void desk.cancel()}>
          {words.cancel}
        </button>
      </p>
    </div>
  );
}
