import type { Workspace } from '../../shared/workspace'
import type { CliContext } from '../context'
import { oneLine } from './format/plain-text'
import { printJson, printLines } from './output'

/** How a workspace is after what was asked for: the document, its name, or `sentence` (by default how it can be reached). */
export function printWorkspace(context: CliContext, workspace: Workspace, sentence = statusSentence(workspace)): void {
  if (context.options.json) printJson(context, workspace)
  else if (context.options.quiet) printLines(context, [workspace.name])
  else {
    printLines(context, [oneLine(sentence)])
    if (workspace.problem !== null) printLines(context, [oneLine(workspace.problem.message), oneLine(workspace.problem.next)])
  }
}

function statusSentence({ name, status, ports }: Workspace): string {
  return `${name} is ${status}${ports.ssh === null ? '' : `, ssh on port ${ports.ssh}`}`
}
