"""The HTTP API in front of the functions."""

from modules.api_gateway.http_api import HttpApi
from modules.api_gateway.routes import Cors, CustomDomain, JwtAuthorizer, Route, Throttle

__all__ = ["Cors", "CustomDomain", "HttpApi", "JwtAuthorizer", "Route", "Throttle"]
