import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, IconButton } from './button'
import { showNotice } from './notice'

const SHOWN_FOR_MS = 1500

interface CopyButtonProps {
  /** What is copied; a function when it is costly to make. */
  text: string | (() => string)
  /** Its name: “Copy ssh command”. */
  label: string
  /** Shows words beside the icon: the name, or `shown`. */
  withWords?: boolean
  shown?: string
  size?: 'small' | 'medium'
}

/** Copies, and says that it did for a moment. */
export function CopyButton({ text, label, withWords = false, shown = label, size = 'small' }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_FOR_MS)
    return () => clearTimeout(timer)
  }, [copied])

  const copy = async () => {
    if (await copyText(typeof text === 'string' ? text : text())) setCopied(true)
  }

  const icon = copied ? Check : Copy
  return withWords ? (
    <Button size={size} icon={icon} aria-label={copied ? 'Copied' : label} onClick={() => void copy()}>
      {copied ? 'Copied' : shown}
    </Button>
  ) : (
    <IconButton size={size} icon={icon} label={copied ? 'Copied' : label} onClick={() => void copy()} />
  )
}

/** True when the text is on the clipboard; where the browser refuses, a notice says so. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch (error) {
    showNotice({ tone: 'bad', title: 'Nothing was copied', message: error instanceof Error ? error.message : String(error) })
    return false
  }
}
