import { Link } from 'react-router';
import { PAGES } from '../../shared/pages.ts';
import { LogoMark } from './icons.tsx';
import { usePageTitle } from './use-page-title.ts';

export function NotFoundPage() {
  usePageTitle('Page not found');
  return (
    <main className="lone-page">
      <p className="brand brand-large">
        <LogoMark /> Task Manager
      </p>
      <div className="card">
        <h1>Page not found</h1>
        <p>Nothing lives at this address.</p>
        <Link className="button button-primary" to={PAGES.tasks}>
          Go to the tasks
        </Link>
      </div>
    </main>
  );
}
