import { Link } from 'react-router';
import { PAGES } from '../../shared/pages.ts';
import { LonePage } from './LonePage.tsx';
import { usePageTitle } from './use-page-title.ts';

export function NotFoundPage() {
  usePageTitle('Page not found');
  return (
    <LonePage title="Page not found">
      <p>Nothing lives at this address.</p>
      <Link className="button button-primary" to={PAGES.tasks}>
        Go to the tasks
      </Link>
    </LonePage>
  );
}
