/** Digits of a pick-up code. */
export const codeLength = 8;

export type CodeKey =
  | { readonly kind: 'digit'; readonly digit: string }
  | { readonly kind: 'erase' }
  | { readonly kind: 'clear' };

/** What is typed after a key; full codes take no more digits. */
export function typed(code: string, key: CodeKey): string {
  switch (key.kind) {
    case 'digit':
      return code.length < codeLength ? code + key.digit : code;
    case 'erase':
      return code.slice(0, -1);
    case 'clear':
      return '';
  }
}

/** A key of a keyboard, as `KeyboardEvent.key` names it; null for keys that mean nothing here. */
export function codeKeyOf(key: string): CodeKey | null {
  if (/^\d$/.test(key)) return { kind: 'digit', digit: key };
  if (key === 'Backspace') return { kind: 'erase' };
  return key === 'Escape' || key === 'Delete' ? { kind: 'clear' } : null;
}

/** The digits of pasted or scanned text, where it is a whole code. */
export function codeIn(text: string): string | null {
  const digits = text.replace(/\s/g, '');
  return /^\d{8}$/.test(digits) ? digits : null;
}
