"""The HTTP APIs that Terraform deployed, served at `<emulator>/_api/<api id>/<path>`.

`deployed` reads an API from moto; `routes`, `throttle`, `authorizer`, `permission` and `cors`
decide as API Gateway does; `event` and `answer` translate to the function and back; `gateway` joins
them.
"""

PREFIX = "/_api/"
"""The paths of all APIs begin with it; the API's id follows."""
