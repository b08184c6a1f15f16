import { mountApp } from '../kit/app-root.tsx';
import { zh } from './messages/zh.ts';
import { OperatorApp } from './operator-app.tsx';

mountApp({
  app: 'operator',
  messages: { zh, en: () => import('./messages/en.ts').then((words) => words.en) },
  children: <OperatorApp />,
});
