"""Lambda functions that really run: the service's own code in processes of its own.

`deployed` reads from moto what Terraform deployed, `pool` and `process` keep worker processes,
`worker` is what runs in one, `invoker` is Lambda's Invoke and `endpoint` its HTTP side.
"""
