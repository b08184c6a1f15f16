import { useId } from 'react';
import { Icon } from '../ui/icon.tsx';
import { megabytes } from './chosen-file.ts';
import { useUploadWords } from './upload-words.ts';
import './upload.css';

interface FilePickerProps {
  readonly file: File | null;
  readonly disabled: boolean;
  readonly onChoose: (file: File) => void;
}

/** A video file. The field lies unseen over all of it, so that a file can be dropped there as well, which browsers do by themselves. */
export function FilePicker({ file, disabled, onChoose }: FilePickerProps) {
  const words = useUploadWords();
  const id = useId();
  return (
    <div className="file-picker">
      <input
        id={id}
        type="file"
        accept="video/mp4,video/quicktime,.mp4,.mov,.m4v"
        className="file-drop"
        disabled={disabled}
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          // So that the same file can be chosen again.
          event.currentTarget.value = '';
          if (chosen) onChoose(chosen);
        }}
      />
      <label htmlFor={id}>
        <Icon name={file ? 'film' : 'upload'} size={32} />
        <strong>{file ? words.chooseOther : words.choose}</strong>
        <span>{file ? `${file.name} · ${words.sizeOf(megabytes(file.size))}` : words.hint}</span>
      </label>
    </div>
  );
}
