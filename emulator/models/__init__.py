"""Models that need no AWS: what the emulator's Bedrock endpoint answers with.

They have the service's own two interfaces, so tests use them without any endpoint as well.
"""
