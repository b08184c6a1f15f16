// What the overview shows beside its first card, in one chunk.
import './overview.css';

export { CampaignList } from './campaign-list.tsx';
export { FirstSteps } from './first-steps.tsx';
export { OnAirCard } from './on-air-card.tsx';
export { ReportsLink } from '../reports/reports-link.tsx';
export { StandingNotice } from '../sign-up/standing-notice.tsx';
