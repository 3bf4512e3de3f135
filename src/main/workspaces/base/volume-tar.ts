import type { VolumeTarContext } from '../../storage/archive/archive-volume'
import type { LifecycleServices } from './lifecycle-services'
import { helperLabels, LABEL_WORK_FOR } from './workspace-resources'

/** For the helper containers of one export or import. */
export async function volumeTarContext(
  services: Pick<LifecycleServices, 'engine' | 'images' | 'installationId'>,
  workId: string,
  signal: AbortSignal,
): Promise<VolumeTarContext> {
  const { reference } = await services.images.ensure(null, { signal, onProgress: () => undefined })
  return { engine: services.engine, image: reference, labels: helperLabels(services.installationId, workId) }
}

/** Ends what a crash may have left running on the volumes, so that they can be removed. */
export async function endHelpers({ engine }: Pick<LifecycleServices, 'engine'>, workId: string): Promise<void> {
  await engine.containers.removeAll(`${LABEL_WORK_FOR}=${workId}`)
}
