import { App, ConfigProvider } from 'antd';
import enUs from 'antd/locale/en_US';
import zhCn from 'antd/locale/zh_CN';
import type { ReactNode } from 'react';
import { useWords } from '../i18n/language-context.tsx';
import { consoleTheme } from './theme.ts';

/** Who asks for less motion gets none: the style sheet takes the transitions away whose end antd would wait for. */
const theme = matchMedia('(prefers-reduced-motion: reduce)').matches
  ? { ...consoleTheme, token: { ...consoleTheme.token, motion: false } }
  : consoleTheme;

/** antd's settings, words and messages around a desk app. */
export function ConsoleRoot({ children }: { readonly children: ReactNode }) {
  const { language } = useWords();
  return (
    <ConfigProvider locale={language === 'en' ? enUs : zhCn} theme={theme} button={{ autoInsertSpace: false }}>
      <App>{children}</App>
    </ConfigProvider>
  );
}
