import { messagesHook } from '../../kit/i18n/language-context.tsx';
import type { Messages } from './zh.ts';

export const useMessages = messagesHook<Messages>();
