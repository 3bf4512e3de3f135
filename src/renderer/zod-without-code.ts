// The Content-Security-Policy forbids code made from strings, with which zod would be faster. Whether it may is tried when the first
// schema is made, so this comes before all that has one. zod itself, which reads it here, is only fetched with the forms.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })
