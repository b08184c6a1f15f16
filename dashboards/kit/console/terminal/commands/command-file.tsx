import { Button, Modal, Segmented } from 'antd';
import type { ListedCommand } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useFormats } from '../../../i18n/language-context.tsx';
import { saveFile } from '../../../save-file.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Loaded } from '../../../ui/states.tsx';
import { useCommandWords } from './command-words.ts';
import { linesOf, type LogLine } from './log-lines.ts';
import { useCommandFile, type BroughtFile } from './use-command-file.ts';

interface CommandFileProps {
  readonly command: ListedCommand;
  readonly zone: string;
  readonly onClose: () => void;
}

/** The picture or the log that a command brought. */
export function CommandFile({ command, zone, onClose }: CommandFileProps) {
  const m = useCommandWords();
  const isPicture = command.kind === 'capture-screenshot';
  return (
    <Modal
      open
      title={isPicture ? m.pictureTitle : m.logTitle}
      footer={null}
      width={isPicture ? 480 : 960}
      destroyOnHidden
      onCancel={onClose}
    >
      <FileBody command={command} zone={zone} />
    </Modal>
  );
}

function FileBody({ command, zone }: Omit<CommandFileProps, 'onClose'>) {
  const m = useCommandWords();
  const format = useFormats();
  const query = useCommandFile(command.id);
  if (!command.file) return <p>{m.fileGone}</p>;
  const until = format.dateTime(command.file.keptUntil, zone);
  return (
    <Loaded query={query}>
      {(file) =>
        command.kind === 'capture-screenshot' ? (
          <Picture file={file} note={m.pictureNote(until)} name={`${command.id}.jpg`} />
        ) : (
          <Log file={file} note={m.logNote(until)} name={`${command.id}.ndjson`} zone={zone} />
        )
      }
    </Loaded>
  );
}

interface ShownFile {
  readonly file: BroughtFile;
  readonly note: string;
  readonly name: string;
}

function Picture({ file, note, name }: ShownFile) {
  const m = useCommandWords();
  return (
    <div className="stack">
      <img className="screenshot" src={file.url} alt={m.pictureAlt} />
      <p className="soft">{note}</p>
      <Download file={file} name={name} />
    </div>
  );
}

function Log({ file, note, name, zone }: ShownFile & { readonly zone: string }) {
  const m = useCommandWords();
  const [only, setOnly] = useState<'all' | 'warnings'>('all');
  const lines = linesOf(file.text);
  const shown = only === 'all' ? lines : lines.filter(({ level }) => level === 'warn' || level === 'error');
  return (
    <div className="stack">
      <div className="row log-tools">
        <Segmented<'all' | 'warnings'>
          size="large"
          value={only}
          options={[
            { value: 'all', label: m.all },
            { value: 'warnings', label: m.warnings },
          ]}
          onChange={(value) => setOnly(value)}
        />
        <Download file={file} name={name} />
      </div>
      {shown.length === 0 ? (
        <p>{lines.length === 0 ? m.logEmpty : m.noWarnings}</p>
      ) : (
        <ol className="log-lines" aria-label={m.logTitle}>
          {shown.map((line, index) => (
            <Line key={index} line={line} zone={zone} />
          ))}
        </ol>
      )}
      <p className="soft">{note}</p>
    </div>
  );
}

function Line({ line: { at, level, text, facts }, zone }: { readonly line: LogLine; readonly zone: string }) {
  const format = useFormats();
  return (
    <li className={`log-line is-${level}`}>
      <time className="digits">{at === null ? '' : format.timeToTheSecond(at, zone)}</time>
      <span className="log-level">{level}</span>
      <span className="log-text">
        {text} {facts && <span className="soft">{facts}</span>}
      </span>
    </li>
  );
}

function Download({ file: { blob }, name }: Omit<ShownFile, 'note'>) {
  const m = useCommandWords();
  return (
    <Button size="large" icon={<Icon name="share" />} onClick={() => saveFile(name, blob.type, [blob])}>
      {m.download}
    </Button>
  );
}
