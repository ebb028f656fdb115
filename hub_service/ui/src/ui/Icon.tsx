/** Inline icons in `currentColor`; decoration only, the word stands beside them. */

const PATHS = {
  plus: "M8 3v10M3 8h10",
  down: "M4 6.5 8 10.5 12 6.5",
  left: "M10 3.5 5.5 8 10 12.5",
  right: "M6 3.5 10.5 8 6 12.5",
  close: "M4 4l8 8M12 4l-8 8",
  more: "M8 3.2v.1M8 8v.1M8 12.8v.1",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  pen: "M3 13l.7-3L10.8 2.9l2.3 2.3L6 12.3zM9.3 4.4l2.3 2.3",
  search: "M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4zM10.2 10.2l3.3 3.3",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.2v9.6L12.5 8z",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
  sortUp: "M8 12.5v-9M4.5 7 8 3.5 11.5 7",
  sortDown: "M8 3.5v9M4.5 9 8 12.5 11.5 9",
  warn: "M8 2.5 14 13H2zM8 6.5v3M8 11.4v.1",
  check: "M3 8.5 6.5 12 13 4.5",
  cross: "M4 4l8 8M12 4l-8 8",
  dot: "M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  ring: "M8 2.8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 8 2.8z",
  half: "M8 2.8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 8 2.8zM8 2.8v10.4",
  lab: "M2.5 3h11v10h-11zM6 3v10M8.5 6h3M8.5 9h3",
  code: "M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4",
  shell: "M2.5 3h11v10h-11zM5 6l2 2-2 2M8.5 10.5h3",
  drive: "M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11",
  bell: "M8 2v1.300M3.200 11.800c1-.900 1.400-2 1.400-4.200C4.600 5 6 3.300 8 3.300S11.400 5 11.400 7.600c0 2.200.400 3.300 1.400 4.200zM6.600 13.700h2.800",
  help: "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM6.3 6.3c.2-2.3 3.6-2.2 3.5 0-.1 1.3-1.8 1.4-1.8 3M8 11.6v.1",
} as const;

export type IconName = keyof typeof PATHS;

const FILLED: readonly IconName[] = ["dot", "play"];

export function Icon({ name, className = "" }: { name: IconName; className?: string }) {
  const isFilled = FILLED.includes(name);
  return (
    <svg
      className={`icon ${className}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill={isFilled ? "currentColor" : "none"}
      stroke={isFilled ? "none" : "currentColor"}
      strokeWidth={name === "more" ? 2.6 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The pending sign; it turns only where motion is welcome. */
export function Spinner() {
  return (
    <svg className="icon turning" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <circle
        cx="8"
        cy="8"
        r="5.2"
        fill="none"
        stroke="currentColor"
        opacity=".3"
        strokeWidth="2"
      />
      <path d="M8 2.8A5.2 5.2 0 0 1 13.2 8" fill="none" stroke="currentColor" strokeWidth="2" />
    </svg>
  );
}
