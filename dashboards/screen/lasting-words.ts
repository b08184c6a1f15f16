import type { Feedback } from './feedback-notes.ts';
import { language } from './messages.ts';

interface LastingWords {
  readonly about: string;
  readonly aboutMore: string;
  /** What the door says aloud. */
  readonly voice: Readonly<Record<Feedback, string>>;
}

const zh: LastingWords = {
  about: '太吵？\n不想看？',
  aboutMore: '扫码说一声\n本屏不拍照',
  voice: { right: '门开了，请进', wrong: '没有打开，请重试', wait: '请稍候再试', help: '已呼叫物业，请稍等' },
};

const en: LastingWords = {
  about: 'Too loud?\nDislike?',
  aboutMore: 'Tell us here\nNo camera',
  voice: {
    right: 'The door is open',
    wrong: 'It did not open. Please try again',
    wait: 'Please wait, then try again',
    help: 'Help is called. Please wait here',
  },
};

export const lastingWords = language === 'en' ? en : zh;
