import { surroundings } from '../world/current'

const URL_ALPHABET = 'useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict'

export function customAlphabet(alphabet: string, size = 21) {
  return (length = size) => Array.from({ length }, () => surroundings().world.random.pick([...alphabet])).join('')
}
export const nanoid = (size = 21) => customAlphabet(URL_ALPHABET, size)()
