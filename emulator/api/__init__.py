"""The HTTP APIs that Terraform deployed, served at `<emulator>/_api/<api id>/<path>`.

`deployed` reads an API from moto; `routes`, `throttle`, `authorizer`, `permission` and `cors`
decide as API Gateway does; `event` and `answer` translate to the function and back; `front` joins
them.
"""

PREFIX = "/_api/"
"""Of every path that belongs to an API; its id follows."""
