import type { ReactNode } from 'react';
import { SmartLink } from '../../ui/SmartLink.tsx';
import { dataLinkScope } from '../model/data-links.ts';
import { interpolate } from '../model/interpolate.ts';
import type { SingleValue } from '../model/single-values.ts';
import { useDashboard } from '../panel-context.ts';

/** A value that leads where its first data link says, if it has one. */
export function ValueLink({
  value,
  className,
  children,
}: {
  value: SingleValue;
  className: string;
  children: ReactNode;
}) {
  const { scope, range } = useDashboard();
  const [link] = value.config.links;
  if (!link) return <span className={className}>{children}</span>;
  const own = dataLinkScope({
    field: { name: value.label, labels: value.labels },
    displayName: value.label,
    value: value.value ?? null,
  });
  const times = {
    __url_time_range: `from=${range.from}&to=${range.to}`,
    __from: `${range.from}`,
    __to: `${range.to}`,
  };
  return (
    <SmartLink href={interpolate(link.url, { ...scope, ...times, ...own }, 'url')} className={className}>
      {children}
      <span className="visually-hidden">: {link.title}</span>
    </SmartLink>
  );
}
