export const LogoMark = () => (
  <svg className="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="8" fill="currentColor" />
    <path className="logo-check" d="m9 16.5 5 5 9.5-11" />
  </svg>
);
