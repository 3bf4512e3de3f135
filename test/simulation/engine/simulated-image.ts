import type { Content } from './content'

/** An image as the simulated engine has it. */
export interface SimulatedImage {
  id: string
  references: Set<string>
  labels: Record<string, string>
  environment: Record<string, string>
  layers: string[]
  parent: string | null
  content: Content
  files: Map<string, Buffer>
  createdAt: Date
}
