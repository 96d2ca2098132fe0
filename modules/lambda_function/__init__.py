"""Lambda functions with all that belongs to one."""

from modules.lambda_function.code import Code, CodePackage
from modules.lambda_function.function import ALIAS, Capacity, Function

__all__ = ["ALIAS", "Capacity", "Code", "CodePackage", "Function"]
