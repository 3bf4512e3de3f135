import { surroundings } from '../world/current'

const URL_ALPHABET = 'useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict'

export function customAlphabet(alphabet: string, size = 21) {
  return (length = size) => {
    const { random } = surroundings().world
    let id = ''
    while (id.length < length) id += alphabet[random.below(alphabet.length)]
    return id
  }
}
export const nanoid = (size = 21) => customAlphabet(URL_ALPHABET, size)()
