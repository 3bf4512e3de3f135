// Prints what event-loop-probe.mjs has gathered, as a table in Markdown.
import { readFileSync } from 'node:fs'

const lines = readFileSync(process.argv[2], 'utf8').trim().split('\n')
console.log('\nHow late the event loop was, over the whole run of each process: milliseconds.\n')
console.log('| process | median | 99 % | most |\n| --- | --- | --- | --- |')
for (const line of lines) {
  const { program, ...values } = JSON.parse(line)
  const name = program === 'run-typescript.mjs' ? 'the benchmark itself' : program
  console.log(
    `| ${name} | ${Object.values(values)
      .map((value) => value.toFixed(1))
      .join(' | ')} |`,
  )
}
