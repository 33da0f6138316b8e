import { Button, ErrorBoundary, ToastProvider } from '@lab/ui-kit';
import { BrowserRouter, Route, Routes } from 'react-router';
import { PAGES } from '../shared/pages.ts';
import { NotificationsPage } from './notifications/NotificationsPage.tsx';
import { LoginPage } from './session/LoginPage.tsx';
import { RegisterPage } from './session/RegisterPage.tsx';
import { SessionGate } from './session/SessionGate.tsx';
import { SessionProvider } from './session/session.tsx';
import { EditTaskDialog } from './tasks/EditTaskDialog.tsx';
import { NewTaskDialog } from './tasks/NewTaskDialog.tsx';
import { TasksPage } from './tasks/TasksPage.tsx';
import type { Tracer } from './telemetry/tracer.ts';
import { Layout } from './ui/Layout.tsx';
import { LonePage } from './ui/LonePage.tsx';
import { NotFoundPage } from './ui/NotFoundPage.tsx';

export function App({ tracer }: { tracer: Tracer }) {
  return (
    <ErrorBoundary fallback={() => <BrokenPage />}>
      <BrowserRouter>
        <ToastProvider>
          <SessionProvider tracer={tracer}>
            <Routes>
              <Route path={PAGES.login} element={<LoginPage />} />
              <Route path={PAGES.register} element={<RegisterPage />} />
              <Route element={<SessionGate />}>
                <Route element={<Layout />}>
                  <Route element={<TasksPage />}>
                    <Route path={PAGES.tasks} element={null} />
                    <Route path={PAGES.newTask} element={<NewTaskDialog />} />
                    <Route path={PAGES.task} element={<EditTaskDialog />} />
                  </Route>
                  <Route path={PAGES.notifications} element={<NotificationsPage />} />
                </Route>
              </Route>
              <Route path="*" element={<NotFoundPage />} />
            </Routes>
          </SessionProvider>
        </ToastProvider>
      </BrowserRouter>
    </ErrorBoundary>
  );
}

function BrokenPage() {
  return (
    <LonePage title="This page broke" role="alert">
      <p>The error has been reported. Your tasks are safe: they are kept on the server.</p>
      <Button variant="primary" onClick={() => location.reload()}>
        Reload the page
      </Button>
    </LonePage>
  );
}
