import { Component, type ErrorInfo, type ReactNode } from 'react'
import { Button } from '../ui/button'
import { CopyButton } from '../ui/copy-button'
import { presentError } from '../workspace-model/problems/present-problem'

interface ErrorBoundaryProps {
  /** When it changes, what failed is tried again: the path of the screen. */
  resetKey?: string
  children: ReactNode
}

interface State {
  failure: { error: unknown; stack: string; resetKey: string | undefined } | null
}

/** What failed to be drawn says so in its place, with a way out. React has no hook for this. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { failure: null }

  static getDerivedStateFromError(error: unknown): State {
    return { failure: { error, stack: '', resetKey: undefined } }
  }

  override componentDidCatch(error: unknown, info: ErrorInfo) {
    this.setState({ failure: { error, stack: info.componentStack ?? '', resetKey: this.props.resetKey } })
  }

  override componentDidUpdate() {
    const { failure } = this.state
    if (failure?.resetKey !== undefined && failure.resetKey !== this.props.resetKey) this.setState({ failure: null })
  }

  override render() {
    const { failure } = this.state
    if (failure === null) return this.props.children
    const { title, message, details } = presentError(failure.error)
    return (
      <div role="alert" className="flex h-full flex-1 flex-col items-center justify-center gap-3 p-8 text-center">
        <h1 className="font-semibold text-lg">{title}</h1>
        <p className="max-w-md break-words text-ink-muted">This screen failed to load: {message}</p>
        <div className="flex gap-2">
          <Button variant="primary" onClick={() => location.reload()}>
            Reload
          </Button>
          <CopyButton withWords size="medium" label="Copy details" text={() => `${details}\n${failure.stack}`} />
        </div>
      </div>
    )
  }
}
