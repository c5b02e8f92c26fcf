const PATHS = {
  create: 'M8 3.5v9M3.5 8h9',
  update: 'M3 11.5V13h1.5L12.5 5 11 3.5zM9.5 5l1.5 1.5',
  delete: 'M3.5 8h9',
  baseline: 'M8 3v7M4.5 6.5L8 10l3.5-3.5M3 13h10',
  copy: 'M6 6V3.5h6.5V10H10M3.5 6H10v6.5H3.5z',
  check: 'M3 8.5l3.5 3.5L13 5',
  close: 'M4 4l8 8M12 4l-8 8',
  lock: 'M4.5 7.5h7v5.5h-7zM6 7.5V5.5a2 2 0 0 1 4 0v2',
  sun: 'M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.5 3.5l1 1M11.5 11.5l1 1M12.5 3.5l-1 1M4.5 11.5l-1 1',
  moon: 'M12.5 9.8A5 5 0 0 1 6.2 3.5a5 5 0 1 0 6.3 6.3z',
  auto: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  download: 'M8 2.5v7.5M4.5 7L8 10.5 11.5 7M3 13h10',
  chevron: 'M6 4l4 4-4 4',
  left: 'M10 4L6 8l4 4',
  back: 'M3.5 5.5h6a3.5 3.5 0 0 1 0 7H6M3.5 5.5L6 3M3.5 5.5L6 8',
  help: 'M6 6a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6 1v.6M8 12v.1',
  swap: 'M2.5 5.5h9M9 2.5l3 3-3 3M13.5 10.5h-9M7 7.5l-3 3 3 3',
  exit: 'M9.5 3H3v10h6.5M6.5 8h7M11 5.5L13.5 8 11 10.5',
  up: 'M8 13V3M4.5 6.5L8 3l3.5 3.5',
} as const;

export type IconName = keyof typeof PATHS;

/** A small picture beside a text that says the same; hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
