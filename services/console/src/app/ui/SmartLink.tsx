import { Icon } from '@lab/ui-kit';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useTarget } from '../shell/use-target.ts';

/**
 * A link that came from outside (a runbook, an annotation, a message). Leads to the console's own page where there is one;
 * anything but http, https and our own paths is shown as text.
 */
export function SmartLink({
  href,
  children,
  className,
}: {
  href: string;
  children: ReactNode;
  className?: string;
}) {
  const target = useTarget()(href);
  if (target === undefined) return <span className={className}>{children}</span>;
  if (target.internal)
    return (
      <Link to={target.href} className={className}>
        {children}
      </Link>
    );
  return (
    <a href={target.href} target="_blank" rel="noreferrer noopener" className={className}>
      {children}
      <span className="link-out">
        <Icon name="external" label="(opens in a new tab)" />
      </span>
    </a>
  );
}
