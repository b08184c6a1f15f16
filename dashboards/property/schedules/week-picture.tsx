import { useMessages } from '../messages/zh.ts';
import { weekRows, windowText, type ScheduleWindow } from './week-rows.ts';
import './schedules.css';

const dayMinutes = 24 * 60;
const hourMarks = [0, 6, 12, 18, 24] as const;

interface WeekPictureProps {
  readonly windows: readonly ScheduleWindow[];
  /** The schedule's name. */
  readonly label: string;
}

/** A week and a holiday at a glance: one bar a day, coloured where somebody may come. */
export function WeekPicture({ windows, label }: WeekPictureProps) {
  const m = useMessages();
  const text = windows.map((window) => windowText(window, m)).join('；');
  return (
    <figure className="week-picture">
      <figcaption className="visually-hidden">{m.schedules.week(label, text)}</figcaption>
      {weekRows(windows).map((stretches, index) => (
        <div key={index} aria-hidden="true" className={index === 7 ? 'is-holiday' : ''}>
          <span>{m.schedules.dayShort[index]}</span>
          <svg viewBox={`0 0 ${dayMinutes} 10`} preserveAspectRatio="none">
            <rect width={dayMinutes} height="10" className="week-empty" />
            {stretches.map(({ from, to }) => (
              <rect key={from} x={from} width={to - from} height="10" className="week-open" />
            ))}
          </svg>
        </div>
      ))}
      <div className="week-hours" aria-hidden="true">
        <span />
        <span>
          {hourMarks.map((hour) => (
            <i key={hour}>{hour}</i>
          ))}
        </span>
      </div>
    </figure>
  );
}
