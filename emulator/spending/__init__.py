"""What an account spends on the emulator: nothing, until somebody says so; then budgets tell."""

from typing import Final

SPENDING_PATH: Final = "/_emulator/spending"
"""Where somebody says so; see ``endpoint``."""
