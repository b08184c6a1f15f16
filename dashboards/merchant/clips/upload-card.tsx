import { ApiError } from '@gatecast/cloud-api/client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { newIdempotencyKey } from '../../kit/api/idempotency-key.ts';
import { useSession } from '../../kit/session/session-context.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useClipWords } from './clip-words.ts';
import { faultOfFile, megabytes, titleOfFile } from './chosen-file.ts';
import { uploadBytesMax, uploadClip } from './upload-clip.ts';

interface Chosen {
  readonly file: File;
  /** One choice is one upload, however often it is tried. */
  readonly key: string;
}

/** Choose a file, name it, send it, and see how far it is. */
export function UploadCard() {
  const words = useClipWords();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [title, setTitle] = useState('');
  const upload = useUpload(() => setChosen(null));
  const fault = chosen && faultOfFile(chosen.file, uploadBytesMax);

  const choose = (file: File | undefined): void => {
    if (!file) return;
    setChosen({ file, key: newIdempotencyKey() });
    setTitle(titleOfFile(file.name));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (chosen && !fault && title.trim()) upload.begin(chosen, title.trim());
  };

  return (
    <form className="card stack upload-card" onSubmit={submit}>
      <h2 className="section-title">{words.uploadTitle}</h2>
      <FilePicker chosen={chosen?.file ?? null} disabled={upload.share !== null} onChoose={choose} />
      {fault && (
        <p className="notice is-bad" role="alert">
          <Icon name="alert" /> <span>{words[fault]}</span>
        </p>
      )}
      {chosen && !fault && upload.share === null && (
        <>
          <Field
            label={words.clipTitle}
            required
            maxLength={80}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <button type="submit" className="button is-primary is-large">
            <Icon name="upload" /> {words.upload}
          </button>
        </>
      )}
      {upload.share !== null && <UploadProgress share={upload.share} onCancel={upload.cancel} />}
      {upload.done && (
        <output className="notice is-good">
          <Icon name="check" /> <span>{words.uploaded}</span>
        </output>
      )}
      <ProblemNotice error={upload.error} />
    </form>
  );
}

interface FilePickerProps {
  readonly chosen: File | null;
  readonly disabled: boolean;
  readonly onChoose: (file: File | undefined) => void;
}

function FilePicker({ chosen, disabled, onChoose }: FilePickerProps) {
  const words = useClipWords();
  const id = useId();
  return (
    <div className="file-picker">
      <input
        id={id}
        type="file"
        accept="video/mp4,.mp4"
        className="visually-hidden"
        disabled={disabled}
        onChange={(event) => onChoose(event.currentTarget.files?.[0])}
      />
      <label htmlFor={id}>
        <Icon name={chosen ? 'film' : 'upload'} size={32} />
        <strong>{chosen ? words.chooseOther : words.chooseFile}</strong>
        <span>{chosen ? `${chosen.name} · ${words.sizeOf(megabytes(chosen.size))}` : words.uploadHint}</span>
      </label>
    </div>
  );
}

function UploadProgress({ share, onCancel }: { readonly share: number; readonly onCancel: () => void }) {
  const words = useClipWords();
  const percent = Math.floor(share * 100);
  return (
    <div className="stack">
      <p className="row spread">
        <strong className="digits">{words.uploading(percent)}</strong>
        <button type="button" className="button is-quiet" onClick={onCancel}>
          {words.cancelUpload}
        </button>
      </p>
      <progress className="progress" max={100} value={percent} aria-label={words.uploading(percent)} />
    </div>
  );
}

/** One upload at a time; leaving the page ends it. `share` is null while none runs. */
function useUpload(onDone: () => void) {
  const { store } = useSession();
  const queries = useQueryClient();
  const running = useRef<AbortController | null>(null);
  const [state, setState] = useState<{ share: number | null; error: unknown; done: boolean }>({
    share: null,
    error: null,
    done: false,
  });
  useEffect(() => () => running.current?.abort(), []);

  async function run({ file, key }: Chosen, title: string, signal: AbortSignal): Promise<void> {
    const onProgress = (share: number): void => setState({ share, error: null, done: false });
    await uploadClip({ file, title, token: store.token(), idempotencyKey: key, onProgress, signal });
    await queries.invalidateQueries({ queryKey: ['GET /v1/clips'] });
  }

  return {
    ...state,
    begin(chosen: Chosen, title: string): void {
      running.current = new AbortController();
      setState({ share: 0, error: null, done: false });
      run(chosen, title, running.current.signal).then(
        () => {
          setState({ share: null, error: null, done: true });
          onDone();
        },
        (error: unknown) => setState({ share: null, error: isCancelled(error) ? null : error, done: false }),
      );
    },
    cancel: (): void => running.current?.abort(),
  };
}

const isCancelled = (error: unknown): boolean => error instanceof ApiError && error.problem.code === 'cancelled';
