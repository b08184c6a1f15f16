import { problemsCommonZh } from './problems-common-zh.ts';

/** The words of the kit. Chinese is the source; a key that English lacks is a compile error. */
export const zh = {
  product: '门播',
  switchLanguage: '切换语言',
  justNow: '刚刚',
  seconds: (n: number) => `${n} 秒`,
  minutes: (n: number) => `${n} 分钟`,
  hoursAndMinutes: (h: number, m: number) => (m === 0 ? `${h} 小时` : `${h} 小时 ${m} 分`),
  days: (n: number) => `${n} 天`,

  signIn: '登录',
  signOut: '退出登录',
  sessionExpired: '登录已过期，请重新登录。',
  wrongRole: '这个账号不能使用此页面，请换一个账号。',

  loading: '正在加载…',
  retry: '重试',
  loadMore: '加载更多',
  failedToLoad: '没能加载',
  cancel: '取消',
  close: '关闭',
  live: '实时',
  reconnecting: '正在重新连接…',
  pageBroken: '页面出了点问题',
  pageBrokenHint: '请重新加载；若仍不行，请联系我们。',
  reload: '重新加载',
  requiredField: '请填写此项',
  problemCode: (code: string) => `代码：${code}`,
  /** By code; `LanguageProvider` puts all of them here once they are fetched. */
  problems: problemsCommonZh as Readonly<Record<string, string>>,
};
export type KitMessages = typeof zh;
