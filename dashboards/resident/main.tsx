import { mountApp } from '../kit/app-root.tsx';
import { App } from './app.tsx';
import { zh } from './messages/zh.ts';
import { takeVisit } from './visit.ts';
import './resident.css';

takeVisit(Date.now());

// Each scan opens another tab; who has signed in once on this phone stays signed in.
mountApp({
  app: 'resident',
  storage: localStorage,
  messages: { zh, en: () => import('./messages/en.ts').then((module) => module.en) },
  children: <App />,
});
