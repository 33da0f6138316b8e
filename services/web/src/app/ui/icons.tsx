/** Icons of 20 by 20 in the colour of the text; always beside a text or a label, so hidden from assistive technology. */
import type { ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const CheckIcon = () => (
  <Icon>
    <path d="m5 10.5 3.2 3.2L15 6.8" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="m5.5 5.5 9 9m0-9-9 9" />
  </Icon>
);

export const PlusIcon = () => (
  <Icon>
    <path d="M10 4v12M4 10h12" />
  </Icon>
);

export const TrashIcon = () => (
  <Icon>
    <path d="M3.5 5.5h13m-8.5 0v-2h4v2m-6.5 0 .7 11h7.6l.7-11M8.5 8.5v5m3-5v5" />
  </Icon>
);

export const SearchIcon = () => (
  <Icon>
    <circle cx="9" cy="9" r="5.2" />
    <path d="m13 13 3.5 3.5" />
  </Icon>
);

export const ClockIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="6.5" />
    <path d="M10 6.2V10l2.6 1.8" />
  </Icon>
);

export const PersonIcon = () => (
  <Icon>
    <circle cx="10" cy="7" r="3.2" />
    <path d="M3.8 16.5c.7-3 3-4.6 6.2-4.6s5.5 1.6 6.2 4.6" />
  </Icon>
);

export const WarningIcon = () => (
  <Icon>
    <path d="M10 3.2 17.5 16.5h-15zM10 8.2v3.8m0 2.1v.100" />
  </Icon>
);

export const InboxIcon = () => (
  <Icon>
    <path d="M3 11.5 5.2 4.5h9.6L17 11.5v4.5H3zm0 0h4l1 2h4l1-2h4" />
  </Icon>
);

export const BellIcon = () => (
  <Icon>
    <path d="M10 3.2a4.3 4.3 0 0 0-4.3 4.3c0 4.6-1.7 5.7-1.7 5.7h12s-1.7-1.1-1.7-5.7A4.3 4.3 0 0 0 10 3.2zM8.5 15.7a1.6 1.6 0 0 0 3 0" />
  </Icon>
);

export const LogoMark = () => (
  <svg className="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="8" fill="currentColor" />
    <path className="logo-check" d="m9 16.5 5 5 9.5-11" />
  </svg>
);
