"""A stand-in for GitLab's REST API: the part that our pipeline uses, with the same wire format.

`python -m emulator.gitlab` serves it for `make ci-local`; tests take `emulator.gitlab.server`.
What it stands for is described at https://docs.gitlab.com/api/:

- `rest/` (pagination, encoded paths), `rest/authentication/` (PRIVATE-TOKEN, bearer), and
  `/ci/jobs/ci_job_token/` (what a job token may read);
- `users/` (the current one), `merge_requests/` (list and get), `notes/` (of merge requests);
- `commits/` (the merge requests of one);
- `pipelines/` (list), `jobs/` (of a pipeline, and the log of one), `job_artifacts/` (one file).

It knows no Git: which commits and branches there are is part of its state. It checks rights only
as far as a token can lack them here: scopes, expiry, job tokens, who wrote a note. There are no
threads, no quick actions, no rate limits; `emulator.gitlab.faults` makes it misbehave on order.
"""
