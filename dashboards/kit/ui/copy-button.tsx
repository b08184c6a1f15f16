import { useEffect, useState } from 'react';
import { pageWords } from '../i18n/page-words.ts';
import { copyText } from './copy-text.ts';
import { Icon } from './icon.tsx';

const useCopyWords = pageWords({ zh: { copy: '复制', copied: '已复制' }, en: { copy: 'Copy', copied: 'Copied' } });
const sayCopiedMs = 2_000;

export function CopyButton({ text }: { readonly text: string }) {
  const words = useCopyWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), sayCopiedMs);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button type="button" className="button" onClick={() => void copyText(text).then(setCopied)}>
      <Icon name={copied ? 'check' : 'copy'} />
      <span aria-live="polite">{copied ? words.copied : words.copy}</span>
    </button>
  );
}
