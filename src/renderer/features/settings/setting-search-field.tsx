import { Search } from 'lucide-react'

/** Narrows the Settings screen to what has these words. Escape empties it. */
export function SettingSearchField({ text, onChange }: { text: string; onChange(text: string): void }) {
  return (
    <div className="flex h-7 w-full max-w-60 items-center gap-1.5 rounded-md border border-field bg-canvas px-2 focus-within:border-accent">
      <Search aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
      <input
        type="search"
        aria-label="Search settings"
        placeholder="Search"
        spellCheck={false}
        maxLength={100}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || text === '') return
          event.stopPropagation()
          onChange('')
        }}
        className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-faint"
      />
    </div>
  )
}
