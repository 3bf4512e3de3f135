/** Berth's sign: a box made fast between two quays. */
export function BerthMark({ className }: { className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 20 20" className={className}>
      <path
        d="M3.5 4v9.5a3 3 0 0 0 3 3h7a3 3 0 0 0 3-3V4"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <rect x="7" y="4" width="6" height="8.5" rx="1.25" fill="var(--accent)" />
    </svg>
  )
}
