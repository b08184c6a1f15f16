import type { As } from '../../platform/auth.ts';

export type Author = As<'operator' | 'merchant'>;

export const operatorsPhotos = 'operator';

/** Under whose name photos are kept. */
export const ownerOf = (who: Author): string => (who.role === 'merchant' ? who.merchantId : operatorsPhotos);
