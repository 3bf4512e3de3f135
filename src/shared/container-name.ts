import { z } from 'zod'

/** Name or id of a container, by the grammar of Docker: nothing in it means anything in a path or to a shell. */
export const containerReferenceSchema = z
  .string()
  .max(256)
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, 'A container name can have letters, digits, “_”, “.” and “-”, and starts with a letter or digit.')
