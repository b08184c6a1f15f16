/** Line drawings on a 24 × 24 grid, drawn with the text's colour. */
const paths = {
  door: 'M6 21V4a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v17M3.5 21h17M14.5 12.2v.6',
  doorOpen: 'M5 21V4a1 1 0 0 1 1-1h12a1 1 0 0 1 1 1v17M3 21h18M6 3l7 2.6V21M10.6 12.4v1.2',
  key: 'M14.5 9.5a5 5 0 1 0-2.2 4.1L14 15.3h2.3V17.6h2.3v2.3H21v-3l-6.9-6.9M8.3 8.7v.1',
  hand: 'M8 12.5V5.5a1.5 1.5 0 0 1 3 0V11m0-6.5v-1a1.5 1.5 0 0 1 3 0V11m0-5.5a1.5 1.5 0 0 1 3 0v7.5a7.5 7.5 0 0 1-7.5 8C6.5 21 5.5 18 4 15.2c-.8-1.5 1-2.6 2-1.5l2 2.3',
  play: 'M7 4.8v14.4a.8.8 0 0 0 1.2.7l12-7.2a.8.8 0 0 0 0-1.4l-12-7.2a.8.8 0 0 0-1.2.7Z',
  screen: 'M4 4h16a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM8.5 21h7M12 17v4',
  qr: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM17.5 17.5H20V20h-2.5zM7 7h.01M17 7h.01M7 17h.01',
  bag: 'M6 8h12l1 12.2a.8.8 0 0 1-.8.8H5.8a.8.8 0 0 1-.8-.8L6 8ZM9 10.5V7a3 3 0 0 1 6 0v3.5',
  box: 'M12 3 4 7v10l8 4 8-4V7l-8-4ZM4 7l8 4 8-4M12 11v10M8 5l8 4',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.5-3.5 3-5.5 6.5-5.5s6 2 6.5 5.5M16 4.9a3.5 3.5 0 0 1 0 6.2M17.5 14.8c2.2.7 3.6 2.5 4 5.2',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.6-4 3.4-6.2 7.5-6.2s6.9 2.2 7.5 6.2',
  list: 'M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.01M4 12h.01M4 18h.01',
  ticket:
    'M3.5 8V6a1 1 0 0 1 1-1h15a1 1 0 0 1 1 1v2.5a3.5 3.5 0 0 0 0 7V18a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-2.5a3.5 3.5 0 0 0 0-7ZM14 5.5v2M14 11v2M14 16.5v2',
  shop: 'M4 10v10h16V10M3 9l1.8-5h14.4L21 9c0 1.7-1.3 3-3 3s-3-1.3-3-3c0 1.7-1.3 3-3 3s-3-1.3-3-3c0 1.7-1.3 3-3 3S3 10.7 3 9ZM9.5 20v-5h5v5',
  check: 'm4.5 12.5 5 5 10-11',
  cross: 'M6 6l12 12M18 6 6 18',
  alert: 'M12 3.5 2.5 20h19L12 3.5ZM12 10v4.5M12 17.3v.01',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5.2l3.3 2',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
  volume: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11',
  wifi: 'M2.5 9.5a14 14 0 0 1 19 0M5.5 13a9.3 9.3 0 0 1 13 0M8.6 16.3a5 5 0 0 1 6.8 0M12 19.5v.01',
  flame:
    'M12 21.5c3.9 0 6.5-2.6 6.5-6.3 0-2.6-1.4-4.6-2.7-6.3-.5 1.3-1.3 2-2.3 2.4C14 7.5 12.5 4.5 9.8 2.5c.2 3-1.4 4.7-2.7 6.5-1 1.5-1.6 3.2-1.6 5.8 0 4 2.7 6.7 6.5 6.7Z',
  lift: 'M5 3h14v18H5zM12 3v18M8.5 8.5 8 8l-.5.5M8.5 15.5l-.5.5-.5-.5M16 8v8',
  exit: 'M13.5 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h7.5M10 12h11m-3.5-3.5L21 12l-3.5 3.5',
  remote: 'M12 18.5v.01M8.8 15a4.5 4.5 0 0 1 6.4 0M5.6 11.8a9 9 0 0 1 12.8 0M2.4 8.6a13.6 13.6 0 0 1 19.2 0',
  card: 'M3.5 6h17a.5.5 0 0 1 .5.5v11a.5.5 0 0 1-.5.5h-17a.5.5 0 0 1-.5-.5v-11a.5.5 0 0 1 .5-.5ZM3 10h18M6.5 14.5h4',
  camera:
    'M4 7h3.5L9 4.5h6L16.5 7H20a1 1 0 0 1 1 1v10.5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1ZM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z',
  film: 'M4 4.5h16v15H4zM8 4.5v15M16 4.5v15M4 9.5h4M4 14.5h4M16 9.5h4M16 14.5h4',
  upload: 'M12 16V4m-4.5 4.5L12 4l4.5 4.5M4 16v3.5a.5.5 0 0 0 .5.5h15a.5.5 0 0 0 .5-.5V16',
  chart: 'M4 20h16M7 20v-6M12 20V5M17 20v-9',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  erase: 'M8.5 5H20a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H8.5L3 12l5.5-7ZM12 9.5l5 5m0-5-5 5',
  shield: 'M12 21c4.7-1.7 7.5-4.8 7.5-9.3V5.5L12 3 4.5 5.5v6.2c0 4.5 2.8 7.6 7.5 9.3ZM8.5 12l2.5 2.5 4.5-5',
  share: 'M12 15V3.5m-4 4L12 3.5l4 4M6 11H5a1 1 0 0 0-1 1v8a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-8a1 1 0 0 0-1-1h-1',
  back: 'm14.5 5-7 7 7 7',
  forward: 'm9.5 5 7 7-7 7',
  pause: 'M8 5v14M16 5v14',
  copy: 'M9 9h10.5v11.5H9zM15 9V4H4.5v11.5H9',
  money: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 7.5 12 12l3.5-4.5M12 12v5.5M9 12.5h6M9 15h6',
  place: 'M12 21.5s7-6.3 7-11.7a7 7 0 1 0-14 0c0 5.4 7 11.7 7 11.7ZM12 12.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6Z',
  power: 'M12 3v8.5M6.8 6.5a8 8 0 1 0 10.4 0',
  lock: 'M5.5 11h13v9.5h-13zM8 11V7.5a4 4 0 0 1 8 0V11M12 14.7v2',
  unlock: 'M5.5 11h13v9.5h-13zM8 11V7.5a4 4 0 0 1 7.6-1.7M12 14.7v2',
  megaphone: 'M4 10v4.5l3 .3V19h3v-3.9l9.5 2.9V5.5L7 9.7 4 10Z',
} as const;

export type IconName = keyof typeof paths;

interface IconProps {
  readonly name: IconName;
  /** Edge length in pixels. */
  readonly size?: number;
}

/** A picture beside words; it says nothing to a screen reader, the words do. */
export function Icon({ name, size = 20 }: IconProps) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: 'none' }}
    >
      <path d={paths[name]} />
    </svg>
  );
}
