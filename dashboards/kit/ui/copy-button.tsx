import { useEffect, useState } from 'react';
import { useWords } from '../i18n/language-context.tsx';
import { copyText } from './copy-text.ts';
import { Icon } from './icon.tsx';

const sayCopiedMs = 2_000;

export function CopyButton({ text }: { readonly text: string }) {
  const { kit } = useWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), sayCopiedMs);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button type="button" className="button" onClick={() => void copyText(text).then(setCopied)}>
      <Icon name={copied ? 'check' : 'copy'} />
      <span aria-live="polite">{copied ? kit.copied : kit.copy}</span>
    </button>
  );
}
