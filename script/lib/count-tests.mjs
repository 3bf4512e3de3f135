// node count-tests.mjs vitest|playwright|simulation REPORT: prints "PASSED FAILED" from a runner's JSON report, then a line for each
// test that passed on its second try: its name and what was wrong first.
// A missing or broken report, and one in which nothing ran, counts as one failure.
import { existsSync, readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'

const [runner, path] = process.argv.slice(2)

function count(report) {
  if (runner === 'simulation') return [report.passed, report.failed, []]
  if (runner === 'vitest') {
    // A file that could not even be loaded has no tests to fail.
    const broken = report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    )
    const retried = report.testResults
      .flatMap((file) => file.assertionResults)
      .filter((test) => test.status === 'passed' && test.failureMessages.length > 0)
    return [
      report.numPassedTests,
      report.numFailedTests + broken.length,
      retried.map((test) => describe(test.fullName, test.failureMessages[0])),
    ]
  }
  const { expected, unexpected, flaky } = report.stats
  const retried = report.suites.flatMap(specsOf).flatMap((spec) => {
    const test = spec.tests.find(({ status }) => status === 'flaky')
    return test ? [describe(spec.title, test.results[0]?.error?.message)] : []
  })
  return [expected + flaky, unexpected + report.errors.length, retried]
}

function describe(title, message = '') {
  return `${title}: ${stripVTControlCharacters(message).split('\n')[0]}`
}

function specsOf(suite) {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)]
}

let [passed, failed, retried] = [0, 1, []]
if (existsSync(path)) {
  try {
    ;[passed, failed, retried] = count(JSON.parse(readFileSync(path, 'utf8')))
    if (passed + failed === 0) failed = 1
  } catch (error) {
    console.error(`The report of ${runner} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}
console.log([`${passed} ${failed}`, ...retried].join('\n'))
