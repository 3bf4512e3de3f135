/** Has the size of what it stands for, so that nothing moves when that comes. */
export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden className={`skeleton block ${className}`} />
}
