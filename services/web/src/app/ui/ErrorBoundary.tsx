import { Component, type ReactNode } from 'react';

/** Shows that the page broke instead of nothing at all. Reporting is React's own callback (`createRoot`). */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <main className="lone-page">
        <div className="card" role="alert">
          <h1>This page broke</h1>
          <p>The error has been reported. Your tasks are safe: they are kept on the server.</p>
          <button type="button" className="button button-primary" onClick={() => location.reload()}>
            Reload the page
          </button>
        </div>
      </main>
    );
  }
}
