/** A value as text can carry it: see `createWireCodec`. */
export type WireValue = unknown

export interface WireCodec {
  /** Throws DataCloneError for what the structured clone algorithm refuses. */
  encode(value: unknown): WireValue
  decode(wire: WireValue): unknown
}

/**
 * Carries what the structured clone algorithm knows over JSON: bytes as base64, cycles and what is shared as references. Injected into pages too, so it
 * has to do without anything outside itself.
 */
export function createWireCodec(): WireCodec {
  type Wire = null | boolean | number | string | [string, ...unknown[]]
  type Element = Exclude<Wire, never>
  const arrays = [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ]
  const errors: Record<string, ErrorConstructor> = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError }

  // Natively: in a flood of a terminal, anything else here would be most of the work. The page has the one, Node the other.
  type NativeBase64 = { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> }

  function toBase64(buffer: ArrayBufferLike): string {
    const bytes = new Uint8Array(buffer) as Uint8Array & { toBase64?: () => string }
    return bytes.toBase64?.() ?? Buffer.from(buffer).toString('base64')
  }

  function fromBase64(text: string): ArrayBuffer {
    const native = (Uint8Array as NativeBase64).fromBase64?.(text)
    return native?.buffer ?? new Uint8Array(Buffer.from(text, 'base64')).buffer
  }

  function write(value: unknown, seen: Map<object, number>): Element {
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
    if (typeof value === 'number')
      return Number.isFinite(value) && !Object.is(value, -0) ? value : ['number', String(Object.is(value, -0) ? '-0' : value)]
    if (value === undefined) return ['undefined']
    if (typeof value === 'bigint') return ['bigint', String(value)]
    if (typeof value !== 'object') throw new TypeError('unreachable: structuredClone has refused it')
    const known = seen.get(value)
    if (known !== undefined) return ['reference', known]
    seen.set(value, seen.size)
    if (value instanceof Date) return ['date', value.getTime()]
    if (value instanceof RegExp) return ['regexp', value.source, value.flags]
    if (value instanceof ArrayBuffer) return ['buffer', toBase64(value)]
    if (value instanceof DataView) return ['view', write(value.buffer, seen), value.byteOffset, value.byteLength]
    if (ArrayBuffer.isView(value)) {
      const kind = arrays.findIndex((type) => value instanceof type)
      const { length } = value as Uint8Array
      return ['array', kind, write(value.buffer, seen), value.byteOffset, length]
    }
    if (value instanceof Map) return ['map', [...value].map(([key, item]) => [write(key, seen), write(item, seen)])]
    if (value instanceof Set) return ['set', [...value].map((item) => write(item, seen))]
    if (value instanceof Error) return ['error', value.name, value.message, value.stack ?? null]
    if (value instanceof Boolean || value instanceof Number || value instanceof String) return ['boxed', write(value.valueOf(), seen)]
    if (Array.isArray(value)) return ['list', value.length, Object.entries(value).map(([key, item]) => [key, write(item, seen)])]
    return ['object', Object.entries(value).map(([key, item]) => [key, write(item, seen)])]
  }

  function read(wire: Element, seen: unknown[]): unknown {
    if (!Array.isArray(wire)) return wire
    const [kind, ...parts] = wire
    const keep = <Value>(value: Value): Value => {
      seen.push(value)
      return value
    }
    switch (kind) {
      case 'undefined':
        return undefined
      case 'number':
        return Number(parts[0])
      case 'bigint':
        return BigInt(String(parts[0]))
      case 'reference':
        return seen[Number(parts[0])]
      case 'date':
        return keep(new Date(Number(parts[0])))
      case 'regexp':
        return keep(new RegExp(String(parts[0]), String(parts[1])))
      case 'buffer':
        return keep(fromBase64(String(parts[0])))
      case 'view': {
        const at = seen.push(null) - 1
        const view = new DataView(read(parts[0] as Element, seen) as ArrayBuffer, Number(parts[1]), Number(parts[2]))
        seen[at] = view
        return view
      }
      case 'array': {
        const at = seen.push(null) - 1
        const type = arrays[Number(parts[0])] ?? Uint8Array
        const array = new type(read(parts[1] as Element, seen) as ArrayBuffer, Number(parts[2]), Number(parts[3]))
        seen[at] = array
        return array
      }
      case 'map': {
        const map = keep(new Map<unknown, unknown>())
        for (const [key, item] of parts[0] as [Element, Element][]) map.set(read(key, seen), read(item, seen))
        return map
      }
      case 'set': {
        const set = keep(new Set<unknown>())
        for (const item of parts[0] as Element[]) set.add(read(item, seen))
        return set
      }
      case 'error': {
        const error = keep(new (errors[String(parts[0])] ?? Error)(String(parts[1])))
        if (typeof parts[2] === 'string') error.stack = parts[2]
        return error
      }
      case 'boxed': {
        const at = seen.push(null) - 1
        seen[at] = Object(read(parts[0] as Element, seen))
        return seen[at]
      }
      case 'list': {
        const list = keep(new Array<unknown>(Number(parts[0])))
        for (const [key, item] of parts[1] as [string, Element][]) Object.assign(list, { [key]: read(item, seen) })
        return list
      }
      case 'object': {
        const object = keep<Record<string, unknown>>({})
        for (const [key, item] of parts[0] as [string, Element][])
          Object.defineProperty(object, key, { value: read(item, seen), writable: true, enumerable: true, configurable: true })
        return object
      }
      default:
        throw new TypeError(`No value is written as ${kind}`)
    }
  }

  return {
    encode: (value) => write(structuredClone(value), new Map()),
    decode: (wire) => read(wire as Element, []),
  }
}
