import { config } from 'zod'

// The Content-Security-Policy forbids code made from strings, with which zod would be faster. Whether it may is tried when the first
// schema is made, which is when its module is loaded: so this one has to be loaded before any that has a schema.
config({ jitless: true })
