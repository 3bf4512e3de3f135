/** An answer of the engine that is no success, as dockerode throws it. */
export function refusal(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode, json: { message }, reason: '' })
}
