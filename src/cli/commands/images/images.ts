import { formatBytes } from '../../../shared/byte-size'
import type { ListedImage } from '../../../shared/contract/images'
import { CliError, usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { type EngineOption, onEngine } from '../../options/shared-options'
import { confirm, someoneToAsk } from '../../output/confirm'
import { paintFor } from '../../output/format/paint'
import { oneLine } from '../../output/format/plain-text'
import { formatAgo } from '../../output/format/quantities'
import { formatTable } from '../../output/format/table'
import { printJson, printLines } from '../../output/output'

export interface RemovalOptions extends EngineOption {
  yes?: boolean
}

export async function listImages(context: CliContext, options: EngineOption): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const images = await client.images.list(onEngine(options))
    if (context.options.json) return printJson(context, images)
    if (context.options.quiet)
      return printLines(
        context,
        images.flatMap(({ references, id }) => references[0] ?? shortId(id)),
      )
    if (images.length === 0)
      return printLines(context, ['There are no images yet; the first workspace gets one, or “berth build” builds it.'])
    const paint = paintFor(context.stdout, context.env)
    printLines(
      context,
      formatTable(imageRows(images, Date.now()), (text, row) => (row === 0 ? paint('dim', text) : text), { columns: paint.columns }),
    )
  })
}

export async function removeImage(context: CliContext, given: string, options: RemovalOptions): Promise<void> {
  if (options.yes !== true && !someoneToAsk(context)) {
    throw usageError(
      'Images are removed after a question, and there is no terminal to ask on.',
      'Add --yes to remove it without being asked.',
    )
  }
  await withConnection(context, async ({ client }) => {
    const images = await client.images.list(onEngine(options))
    const found = images.filter(({ id, references }) => references.includes(given) || id === given || shortId(id) === given)
    const [image] = found
    if (!image) throw new CliError('IMAGE_UNAVAILABLE', `There is no image ${given} in the list.`, { next: 'See “berth images”.' })
    if (options.yes !== true) await confirmRemoval(context, image, given)
    await client.images.remove({ imageId: image.id, ...onEngine(options) })
    if (context.options.json) printJson(context, image)
    else printLines(context, [context.options.quiet ? given : `${given} is removed`])
  })
}

/** Of one that cannot be removed too: its users are named first, and then the refusal. */
async function confirmRemoval(context: CliContext, { sizeBytes, usedBy }: ListedImage, name: string): Promise<void> {
  await confirm(context, {
    heading: `Removing ${name}:`,
    losses: [
      `  up to ${formatBytes(sizeBytes)}; layers that other images share stay`,
      `  used by ${usedBy.length === 0 ? 'no workspace' : usedBy.join(', ')}`,
    ],
    question: `Remove ${name}?`,
  })
}

export async function showBuildLog(context: CliContext): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const { lines } = await client.images.buildLog()
    if (context.options.json) return printJson(context, { lines })
    printLines(context, (lines ?? ['No image was built yet.']).map(oneLine))
  })
}

function imageRows(images: readonly ListedImage[], now: number): string[][] {
  const rows = images.map((image) => [
    image.references.join(', ') || shortId(image.id),
    formatBytes(image.sizeBytes),
    formatAgo(image.createdAt, now),
    image.usedBy.length === 0 ? '-' : image.usedBy.join(', '),
    remarkOn(image),
  ])
  return [['IMAGE', 'SIZE', 'CREATED', 'USED BY', ''], ...rows]
}

function remarkOn({ isOutdated, references, isBerths }: ListedImage): string {
  if (!isBerths) return ''
  if (references.length === 0) return 'unnamed'
  return isOutdated ? 'out of date' : ''
}

/** The first twelve digits, as Docker shows it. */
function shortId(id: string): string {
  return id.slice('sha256:'.length, 'sha256:'.length + 12)
}
