import { type FormEvent, useState } from 'react'
import type { EngineView } from '../../../shared/contract/engines'
import { DEFAULT_DISTRO, type ImageSize, localImage } from '../../../shared/distros'
import { distroSchema } from '../../../shared/image-choice'
import { imageReferenceProblem } from '../../../shared/image-reference'
import { client } from '../../client'
import { useHasSeveralEngines } from '../../store/store'
import { Button } from '../../ui/button'
import { Choice } from '../../ui/choice'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { Field, TextInput } from '../../ui/field'
import { Segmented } from '../../ui/segmented'
import { DistroSelect } from '../../workspace-model/images/distro-select'
import { attempt } from '../../workspace-model/operations/attempt'

const SIZES = [
  { value: 'full', label: 'Ready for work' },
  { value: 'base', label: 'Small' },
] as const

/** Chooses what to build. Closes at once; the screen shows how it goes. */
export function BuildDialog({ engine, onClose }: { engine: EngineView; onClose(): void }) {
  const [distro, setDistro] = useState(DEFAULT_DISTRO)
  const [size, setSize] = useState<ImageSize>('full')
  const [from, setFrom] = useState('')
  const [noCache, setNoCache] = useState(false)
  const isOneOfSeveral = useHasSeveralEngines()
  const base = from.trim()
  const problem = base === '' ? null : imageReferenceProblem(base)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (problem !== null) return
    onClose()
    attempt(async () => ({
      operation: await client.images.build({ engine: engine.id, distro, size, noCache, ...(base === '' ? {} : { from: base }) }),
    }))
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={isOneOfSeveral ? `Build an image on ${engine.name}` : 'Build an image'}
      description="Berth’s image for workspaces, from its own Dockerfile."
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-3">
          <Field label="Distribution">
            {(control) => (
              <DistroSelect {...control} autoFocus value={distro} onChange={(event) => setDistro(distroSchema.parse(event.target.value))} />
            )}
          </Field>
          <div className="flex flex-col gap-1">
            <span className="font-medium">Size</span>
            <Segmented<ImageSize> label="Size" value={size} options={SIZES} onChange={setSize} />
            <p className="text-ink-muted text-sm">
              {size === 'full' ? 'With compilers, languages and common tools.' : 'Only what Berth itself needs.'} It is called{' '}
              <code className="font-mono">{localImage(distro, size)}</code>.
            </p>
          </div>
          <Field label="Base image" hint="The distribution’s published image if empty" problem={problem} keepsRoom>
            {(control) => <TextInput {...control} mono value={from} onChange={(event) => setFrom(event.target.value)} />}
          </Field>
          <Choice
            title="Build every layer again"
            description="Do not use the cache of earlier builds."
            checked={noCache}
            onChange={setNoCache}
          />
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={problem !== null}>
            Build
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
