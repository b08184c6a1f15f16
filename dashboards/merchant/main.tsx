import { mountApp } from '../kit/app-root.tsx';
import { App } from './app.tsx';
import { zh } from './messages/zh.ts';
import './merchant.css';

mountApp({
  app: 'merchant',
  messages: { zh, en: () => import('./messages/en.ts').then((module) => module.en) },
  children: <App />,
});
