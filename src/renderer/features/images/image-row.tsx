import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { formatBytes } from '../../../shared/byte-size'
import type { ListedImage } from '../../../shared/contract/images'
import { client } from '../../client'
import { routes } from '../../routes'
import { IconButton } from '../../ui/button'
import { Time } from '../../ui/time'
import { Truncated } from '../../ui/truncated'
import { reportError } from '../../workspace-model/problems/run-suggested-action'
import { RemoveImageDialog } from './remove-image-dialog'

/** As Docker shows an id. */
const shortId = (id: string) => id.slice('sha256:'.length, 'sha256:'.length + 12)

interface ImageRowProps {
  engineId: string
  image: ListedImage
  onRemoved(): void
}

export function ImageRow({ engineId, image, onRemoved }: ImageRowProps) {
  const [isAsking, setIsAsking] = useState(false)
  const [isRemoving, setIsRemoving] = useState(false)
  const name = image.references.join(', ') || shortId(image.id)
  const badge = badgeOf(image)
  const remove = async () => {
    setIsAsking(false)
    setIsRemoving(true)
    try {
      await client.images.remove({ engine: engineId, imageId: image.id })
      onRemoved()
    } catch (error) {
      reportError(error, () => void remove())
    } finally {
      setIsRemoving(false)
    }
  }
  return (
    <li className="flex min-h-14 items-center gap-3 border-line border-b py-2">
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <Truncated text={name} className="font-mono text-sm" />
          {badge !== null && (
            <span className={`shrink-0 rounded-sm border border-line-strong px-1 text-xs ${badge.colour}`}>{badge.text}</span>
          )}
        </div>
        <p className="text-ink-muted text-sm">
          <span className="tabular-nums">{formatBytes(image.sizeBytes)}</span>, made <Time value={image.createdAt} />
          {image.usedBy.length > 0 && <UsedBy names={image.usedBy} />}
        </p>
      </div>
      {image.isRemovable && <IconButton icon={Trash2} label={`Remove ${name}`} disabled={isRemoving} onClick={() => setIsAsking(true)} />}
      {isAsking && <RemoveImageDialog image={image} name={name} onRemove={() => void remove()} onCancel={() => setIsAsking(false)} />}
    </li>
  )
}

function badgeOf({ isBerths, isOutdated, references }: ListedImage): { text: string; colour: string } | null {
  if (!isBerths) return { text: 'not Berth’s', colour: 'text-ink-muted' }
  if (references.length === 0) return { text: 'unnamed', colour: 'text-ink-muted' }
  return isOutdated ? { text: 'out of date', colour: 'text-warn' } : null
}

/** As many names as are read; the rest are counted. */
const NAMED = 4

function UsedBy({ names }: { names: readonly string[] }) {
  const unnamed = names.length - NAMED
  return (
    <>
      , used by{' '}
      {names.slice(0, NAMED).map((name, index) => (
        <span key={name}>
          {index > 0 && ', '}
          <Link href={routes.workspace(name)} className="rounded-sm text-accent underline">
            {name}
          </Link>
        </span>
      ))}
      {unnamed > 0 && ` and ${unnamed} more`}
    </>
  )
}
