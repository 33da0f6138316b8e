import { Empty } from '@lab/ui-kit';
import type { Lab } from '../../contract/lab.ts';
import { useLab } from './lab-context.ts';
import { toolFor } from './pages.ts';

interface Props {
  what: string;
  feature: keyof Lab['features'];
  /** Where exactly, if the page knows; otherwise the tool's front page. */
  href?: string | undefined;
}

/** Where a tool of its own shows what this page stands in for. */
export function FullModeNotice({ what, feature, href }: Props) {
  const { lab } = useLab();
  const found = toolFor(feature, lab);
  return (
    <Empty title={`${what} are shown by ${found?.title ?? 'another tool'} in ${lab?.mode ?? 'this'} mode`}>
      {found && (
        <a className="button" href={href ?? found.url} target="_blank" rel="noreferrer noopener">
          Open {found.title}
        </a>
      )}
    </Empty>
  );
}
