import { Component, type ReactNode } from 'react';

interface Props {
  /** It is shown in place of the children once one of them has thrown. */
  fallback: (error: Error) => ReactNode;
  children: ReactNode;
}

/** Shows that a part of the page broke instead of nothing at all. Reporting is React's own callback (`createRoot`). */
export class ErrorBoundary extends Component<Props, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    return error ? this.props.fallback(error) : this.props.children;
  }
}
