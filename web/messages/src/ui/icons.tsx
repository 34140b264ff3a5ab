// The few pictures of the page, drawn on a 24-unit grid; decoration, so hidden from screen readers.
const PATHS = {
  alert: 'M12 8v5m0 3.5v.01M12 3.5l9.3 16.5H2.7z',
  back: 'M15 5l-7 7 7 7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  compose: 'M4 20h4L19 9a2.1 2.1 0 0 0-3-3L5 17zM14 8l3 3M13 20h7',
  down: 'M12 5v14m-6-6 6 6 6-6',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z',
  eyeOff: 'M4 4l16 16M9.9 5.7A9.4 9.4 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.7M6.3 7.5A16.5 16.5 0 0 0 2.5 12S6 18.5 12 18.5c1.6 0 3-.4 4.2-1.1M10 10.1a2.8 2.8 0 0 0 3.9 3.9',
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5 20 20',
  send: 'M5 12 4 4.5 20.5 12 4 19.5zM5 12h7',
  leave: 'M10 4H5v16h5M15 8l4 4-4 4M9 12h10',
} as const;

export function Icon({ name, size = 20 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
