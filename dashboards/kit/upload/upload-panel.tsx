import type { ApiError, Category, ClipUpload } from '@gatecast/cloud-api/client';
import { useRef, useState, type FormEvent } from 'react';
import { refusalOfFile } from './check-file.ts';
import { continues, faultOfFile, titleOfFile, uploadBytesMax } from './chosen-file.ts';
import { FilePicker } from './file-picker.tsx';
import { shareOf, UnfinishedUploads, useUploads } from './unfinished-uploads.tsx';
import type { UploadDesk } from './upload-desk.ts';
import { UploadProgress } from './upload-progress.tsx';
import { useUploadWords } from './upload-words.ts';
import { useUpload } from './use-upload.ts';
import { Field } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { ProblemNotice } from '../ui/states.tsx';
import { CategorySelect } from './category-select.tsx';
import { HouseSelect, type House } from './house-select.tsx';

interface UploadPanelProps {
  /** The operator's own clips say whom they are for instead of what they advertise. */
  readonly isHouse?: boolean;
}

/** Choose a file, name it, send it, see how far it is, and go on with what broke off. */
export function UploadPanel({ isHouse = false }: UploadPanelProps) {
  const words = useUploadWords();
  const { state, desk } = useUpload();
  const uploads = useUploads();
  const { phase } = state;
  const isFree = phase === 'idle' || phase === 'taken' || phase === 'refused';
  return (
    <div className="stack">
      {isFree && <NewUpload uploads={uploads} desk={desk} isHouse={isHouse} />}
      {'sentBytes' in state && <UploadProgress state={state} desk={desk} />}
      {phase === 'checking' && (
        <output className="notice">
          <span className="spinner" /> <span>{words.checking}</span>
        </output>
      )}
      {phase === 'taken' && (
        <output className="notice is-good">
          <Icon name="check" /> <span>{words.taken}</span>
        </output>
      )}
      {isFree && <UnfinishedUploads uploads={uploads} />}
    </div>
  );
}

interface NewUploadProps {
  readonly uploads: readonly ClipUpload[];
  readonly desk: UploadDesk;
  readonly isHouse: boolean;
}

function NewUpload({ uploads, desk, isHouse }: NewUploadProps) {
  const words = useUploadWords();
  const [file, setFile] = useState<File | null>(null);
  const [title, setTitle] = useState('');
  const [category, setCategory] = useState<Category | ''>('');
  const [house, setHouse] = useState<House>('all');
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const fault = file && faultOfFile(file, uploadBytesMax);
  const isFit = file !== null && fault === null && refusal === null;
  const known = file ? continues(file, uploads) : undefined;
  const latest = useRef<File | null>(null);
  const choose = (chosen: File): void => {
    latest.current = chosen;
    setFile(chosen);
    setTitle(titleOfFile(chosen.name));
    desk.dismiss();
    setRefusal(null);
    if (faultOfFile(chosen, uploadBytesMax) === null) void look(chosen);
  };
  const look = async (chosen: File): Promise<void> => {
    const found = await refusalOfFile(chosen);
    // Another one may have been chosen meanwhile.
    if (latest.current === chosen) setRefusal(found);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!file || !isFit) return;
    if (known) void desk.begin(file, { title: known.title }, known.id);
    else if (title.trim()) void desk.begin(file, { title: title.trim(), ...(isHouse ? { house } : { category }) });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <FilePicker file={file} disabled={false} onChoose={choose} />
      {fault && (
        <p className="notice is-bad" role="alert">
          <Icon name="alert" /> <span>{words[fault]}</span>
        </p>
      )}
      <ProblemNotice error={refusal} />
      {isFit && !known && (
        <>
          <Field
            label={words.name}
            required
            maxLength={80}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          {isHouse ? (
            <HouseSelect value={house} onChange={setHouse} />
          ) : (
            <CategorySelect value={category} onChange={setCategory} />
          )}
        </>
      )}
      {isFit && (
        <button type="submit" className="button is-primary is-large">
          <Icon name="upload" /> {known ? words.goOnFrom(shareOf(known)) : words.begin}
        </button>
      )}
    </form>
  );
}
