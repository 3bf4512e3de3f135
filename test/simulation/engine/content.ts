/**
 * What is in a volume, a layer or an image, as one number: whoever writes there makes a number that was never used before, and a
 * copy has the number of its original. 0 is empty.
 */
export type Content = number
export const EMPTY: Content = 0
