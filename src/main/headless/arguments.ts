import { parseArgs } from 'node:util'

export interface ServeArguments {
  port: number | undefined
  json: boolean
}

/** What was asked for on the command line; a string says what is wrong with it. */
export function parseServeArguments(args: string[]): ServeArguments | string {
  try {
    const { values } = parseArgs({ args, options: { port: { type: 'string' }, json: { type: 'boolean', default: false } } })
    if (values.port === undefined) return { port: undefined, json: values.json }
    const port = Number(values.port)
    if (!/^\d+$/.test(values.port) || port > 65_535) return `“${values.port}” is not a port. Use 1 to 65535, or 0 for any free port.`
    return { port, json: values.json }
  } catch (error) {
    if (error instanceof TypeError && 'code' in error) return error.message
    throw error
  }
}
