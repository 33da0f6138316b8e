import { Empty } from '@lab/ui-kit';
import type { Lab } from '../../contract/lab.ts';
import { useLab } from './lab-context.ts';

interface Props {
  what: string;
  tool: Lab['tools'][number]['name'];
  /** Where exactly, if the page knows; otherwise the tool's front page. */
  href?: string | undefined;
}

/** In full mode the real tool does what this page stands in for in lite. */
export function FullModeNotice({ what, tool, href }: Props) {
  const { lab } = useLab();
  const found = lab?.tools.find(({ name }) => name === tool);
  return (
    <Empty title={`${what} are shown by ${found?.title ?? tool} in full mode`}>
      {found && (
        <a className="button" href={href ?? found.url} target="_blank" rel="noreferrer noopener">
          Open {found.title}
        </a>
      )}
    </Empty>
  );
}
