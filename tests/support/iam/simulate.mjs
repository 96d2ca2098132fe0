// Reads requests with their policies, a JSON array a line, and answers each line with one of decisions.
import { createInterface } from 'node:readline'
import { createValidatedPolicy, validateTrustPolicy } from '@cloud-copilot/iam-policy'
import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

async function decision(simulation) {
  const done = await runSimulation(simulation, {})
  if (done.resultType === 'error') return { error: JSON.stringify(done.errors) }
  if (done.resultType === 'wildcard') return { error: 'a request names one resource, without asterisks' }
  const { analysis, ignoredContextKeys: unknown } = done.result
  if (unknown.length === 0) return { result: done.overallResult, blockedBy: analysis.blockedBy ?? [] }
  if (areClaims(unknown, simulation.request)) return decisionOnClaims(simulation)
  return { error: `AWS sends no ${unknown} with this action on this resource` }
}

// The library does not know the claims "sub" and "aud" of GitLab's tokens, whoever runs that GitLab:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
function areClaims(keys, { principal }) {
  const [, provider] = principal.split(':oidc-provider/')
  return provider !== undefined && keys.every((key) => key.startsWith(`${provider}:`))
}

function decisionOnClaims(simulation) {
  const trust = createValidatedPolicy(simulation.resourcePolicy, validateTrustPolicy, { name: 'trust' })
  if (trust.errors.length > 0) return { error: JSON.stringify(trust.errors) }
  return { result: runUnsafeSimulation({ ...simulation, resourcePolicy: trust }, {}), blockedBy: [] }
}

for await (const line of createInterface({ input: process.stdin })) {
  const answers = []
  for (const simulation of JSON.parse(line)) {
    answers.push(await decision(simulation).catch((error) => ({ error: String(error) })))
  }
  process.stdout.write(`${JSON.stringify(answers)}\n`)
}
