import { Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useSettled } from '../use-settled.ts';

const searchMax = 60;

interface SearchBoxProps {
  /** What is being searched for; when it becomes empty, so does the box. */
  readonly value: string;
  readonly label: string;
  /** Called when the typing pauses. */
  readonly onSettled: (text: string) => void;
}

/** A search that asks when the typing pauses. */
export function SearchBox({ value, label, onSettled }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const [asked, setAsked] = useState(value);
  if (value !== asked) {
    setAsked(value);
    if (value === '') setText('');
  }
  const settled = useSettled(text.trim());
  const newest = useRef({ value, onSettled });
  useEffect(() => {
    newest.current = { value, onSettled };
  });
  useEffect(() => {
    if (settled !== newest.current.value) newest.current.onSettled(settled);
  }, [settled]);
  return (
    <Input
      type="search"
      size="large"
      allowClear
      aria-label={label}
      placeholder={label}
      maxLength={searchMax}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
