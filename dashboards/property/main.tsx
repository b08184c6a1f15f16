import { mountApp } from '../kit/app-root.tsx';
import { PropertyApp } from './property-app.tsx';
import { zh } from './messages/zh.ts';

mountApp({
  app: 'property',
  messages: { zh, en: () => import('./messages/en.ts').then((words) => words.en) },
  children: <PropertyApp />,
});
