/** What Gatecast is, without a word: somebody's door, a keypad, and a screen that plays beside it. */
export function DoorAndScreen() {
  return (
    <svg
      className="sign-in-picture"
      viewBox="0 0 400 320"
      aria-hidden="true"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M40 292h320" stroke="#c3c9e6" strokeWidth="6" />
      <path d="M72 292V60a12 12 0 0 1 12-12h136a12 12 0 0 1 12 12v232" fill="#fff" stroke="#3346d3" strokeWidth="7" />
      <path d="M90 292V66h124v226z" fill="#e4e8ff" />
      <path d="m214 66-70 16v222l70-12z" fill="#5a6bea" />
      <circle cx="156" cy="196" r="6" fill="#fff" />
      <rect x="262" y="70" width="92" height="150" rx="14" fill="#14182b" />
      <rect x="270" y="78" width="76" height="134" rx="8" fill="#ff8a4c" />
      <circle cx="308" cy="132" r="25" fill="#fff3dc" />
      <path d="m301 120 19 12-19 12z" fill="#c0232c" />
      <rect x="280" y="176" width="30" height="7" rx="3.5" fill="#fff" />
      <rect x="280" y="190" width="18" height="7" rx="3.5" fill="#ffd9b8" />
      <rect x="318" y="176" width="22" height="22" rx="3" fill="#fff" />
      <path d="M323 181h4v4h-4zM331 181h4v4h-4zM323 189h4v4h-4zM332 190h3" stroke="#14182b" strokeWidth="2" />
      <rect x="288" y="232" width="40" height="46" rx="8" fill="#fff" stroke="#c3c9e6" strokeWidth="4" />
      <path
        d="M299 245h.1M308 245h.1M317 245h.1M299 255h.1M308 255h.1M317 255h.1M299 265h.1M308 265h.1"
        stroke="#3346d3"
        strokeWidth="5"
      />
      <circle cx="317" cy="265" r="3" fill="#0b9b5f" />
    </svg>
  );
}
