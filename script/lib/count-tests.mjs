// node count-tests.mjs vitest|playwright REPORT: prints "PASSED FAILED" from a runner's JSON report.
// A missing or broken report, and one in which nothing ran, counts as one failure.
import { existsSync, readFileSync } from 'node:fs'

const [runner, path] = process.argv.slice(2)

function count(report) {
  if (runner === 'vitest') {
    // A file that could not even be loaded has no tests to fail.
    const broken = report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    )
    return [report.numPassedTests, report.numFailedTests + broken.length]
  }
  const { expected, unexpected, flaky } = report.stats
  return [expected, unexpected + flaky + report.errors.length]
}

let [passed, failed] = [0, 1]
if (existsSync(path)) {
  try {
    ;[passed, failed] = count(JSON.parse(readFileSync(path, 'utf8')))
    if (passed + failed === 0) failed = 1
  } catch (error) {
    console.error(`The report of ${runner} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}
console.log(`${passed} ${failed}`)
