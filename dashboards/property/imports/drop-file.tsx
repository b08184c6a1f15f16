import { Button } from 'antd';
import { useId, useState, type DragEvent } from 'react';
import { useLocation } from 'wouter';
import { useWrite } from '../../kit/api/api-context.tsx';
import { saveFile } from '../../kit/save-file.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages, type Messages } from '../messages/zh.ts';
import { importFileFault, sampleCsv } from './import-file.ts';

/** Takes a file, has it checked by the cloud, and goes on to what it would do. */
export function DropFile({ communityId }: { readonly communityId: string }) {
  const m = useMessages().imports;
  const [, go] = useLocation();
  const id = useId();
  const [over, setOver] = useState(false);
  const [fault, setFault] = useState<ReturnType<typeof importFileFault>>(null);
  const check = useWrite('POST /v1/communities/:id/resident-imports', ['GET /v1/communities/:id/resident-imports']);
  const take = (file: File | undefined): void => {
    if (!file || check.isPending) return;
    const wrong = importFileFault(file);
    setFault(wrong);
    if (wrong) return check.reset();
    check.mutate(
      { params: { id: communityId }, query: { filename: file.name }, body: file },
      { onSuccess: (checked) => go(`/imports/${checked.id}`) },
    );
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <div className="stack">
      {/* Dropping is a second way in; the input inside is the one for the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        className={`drop-file ${over ? 'is-over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <input
          id={id}
          type="file"
          accept=".csv,.xlsx,.txt"
          disabled={check.isPending}
          onChange={({ currentTarget }) => {
            take(currentTarget.files?.[0]);
            // The same file, corrected, is chosen again.
            currentTarget.value = '';
          }}
        />
        <label htmlFor={id}>
          {check.isPending ? <span className="spinner" /> : <Icon name="upload" size={36} />}
          <b aria-live="polite">{check.isPending ? m.checking : over ? m.dropHere : m.drop}</b>
          <span className="soft">{m.dropHint}</span>
        </label>
      </div>
      {fault && (
        <p className="notice is-bad" role="alert">
          {fault === 'too-large' ? m.tooLarge : m.wrongType}
        </p>
      )}
      <ProblemNotice error={check.error} />
      <Sample />
    </div>
  );
}

function Sample() {
  const m = useMessages();
  const words = m.imports;
  const save = (): void =>
    saveFile(words.sampleName, 'text/csv', [sampleCsv(words.sampleHead, sampleRows(m.residents.relation))]);
  return (
    <div className="row sample">
      <Button icon={<Icon name="list" size={18} />} onClick={save}>
        {words.sample}
      </Button>
      <span className="soft">{words.sampleHint}</span>
    </div>
  );
}

/** The numbers have to be filled in: a sample sent back as it was registers nobody. */
const sampleRows = (relation: Messages['residents']['relation']): string[][] => [
  ['林晓', '138XXXX0001', '3 号楼', '1203', relation.owner, ''],
  ['周明', '138XXXX0002', '3 号楼', '1204', relation.tenant, '2027-03-31'],
];
