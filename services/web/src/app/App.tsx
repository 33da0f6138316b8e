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
import { ErrorBoundary } from './ui/ErrorBoundary.tsx';
import { Layout } from './ui/Layout.tsx';
import { NotFoundPage } from './ui/NotFoundPage.tsx';
import { ToastProvider } from './ui/toasts.tsx';

export function App({ tracer }: { tracer: Tracer }) {
  return (
    <ErrorBoundary>
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
