// Reads a line of JSON each time: requests and the policies that they meet, and answers with a line of
// decisions; or documents with their kinds, and answers with what IAM would say against their form.
import { createInterface } from 'node:readline'
import * as forms from '@cloud-copilot/iam-policy'
import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

async function decision(simulation) {
  const { action, resource } = simulation.request
  const done = await runSimulation(simulation, {})
  if (done.resultType === 'error') {
    if (UNTOLD[done.errors.message]?.(action, resource.resource)) return unchecked(simulation)
    return { error: JSON.stringify(done.errors) }
  }
  if (done.resultType === 'wildcard') return { error: 'a request names one resource, without asterisks' }
  const { analysis, ignoredContextKeys: unknown } = done.result
  if (unknown.length === 0) return { result: done.overallResult, blockedBy: analysis.blockedBy ?? [] }
  if (unknown.every((key) => isNamedByWhoSends(key, simulation.request))) return unchecked(simulation)
  return { error: `AWS sends no ${unknown} with this action on this resource` }
}

// Resources that the library cannot tell, and AWS can.
const UNTOLD = {
  // HTTP APIs have a page of their own with the same actions, which the data lacks:
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
  'no.resource.types': (action, resource) =>
    action.startsWith('apigateway:') && /::\/(apis|domainnames|vpclinks)\b/.test(resource),
  // The ARNs of an alias and of a version of a function have the same form.
  'multiple.resource.types': (action) => action.startsWith('lambda:')
}

// Keys whose names are not AWS's own: the claims of a web identity's token, of which the library lacks
// "sub" and "aud", and what an encryption is bound to.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
function isNamedByWhoSends(key, { principal, action }) {
  const [, provider] = principal.split(':oidc-provider/')
  if (provider !== undefined) return key.startsWith(`${provider}:`)
  return action.startsWith('kms:') && key.startsWith('kms:EncryptionContext:')
}

// Decides without a look at the request's form; the policies have been looked at before.
function unchecked(simulation) {
  const { resourcePolicy, vpcEndpointPolicies } = simulation
  if (vpcEndpointPolicies) return { error: 'the library decides this without policies of endpoints' }
  // It wants a name, which only a policy of this form has.
  const own = resourcePolicy && forms.createValidatedPolicy(resourcePolicy, forms.validateResourcePolicy, { name: 'own' })
  return { result: runUnsafeSimulation({ ...simulation, resourcePolicy: own }, {}), blockedBy: [] }
}

const VALIDATORS = {
  identity: forms.validateIdentityPolicy,
  trust: forms.validateTrustPolicy,
  resource: forms.validateResourcePolicy,
  endpoint: forms.validateEndpointPolicy,
  scp: forms.validateServiceControlPolicy
}

async function decisions({ policies, requests }) {
  const answers = []
  for (const each of requests) {
    answers.push(await decision({ ...policies, ...each }).catch((error) => ({ error: String(error) })))
  }
  return answers
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line)
  const answers = asked.documents
    ? asked.documents.map(([kind, document]) => VALIDATORS[kind](document))
    : await decisions(asked)
  process.stdout.write(`${JSON.stringify(answers)}\n`)
}
