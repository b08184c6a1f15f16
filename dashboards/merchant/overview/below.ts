// What stands below the overview's first card, in one chunk.
import './overview.css';

export { CampaignList } from './campaign-list.tsx';
export { FirstSteps } from './first-steps.tsx';
export { OnAirCard } from './on-air-card.tsx';
