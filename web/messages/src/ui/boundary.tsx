import { Component, type ReactNode } from 'react';
import { Button, Notice } from './parts';

/** What is shown instead of an empty window when the page itself has a fault. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <main className="splash">
        <Notice title="Something went wrong on this page" role="alert">
          <p>Nothing that was sent is lost.</p>
          <Button onClick={() => location.reload()}>Load it again</Button>
        </Notice>
      </main>
    );
  }
}
