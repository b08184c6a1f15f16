import type { ResidentImport } from '@gatecast/cloud-api/client';

export const importTone: Record<ResidentImport['state'], string> = {
  checked: 'is-brand',
  applying: 'is-brand',
  applied: 'is-good',
  undoing: 'is-warn',
  undone: '',
  failed: 'is-bad',
};
