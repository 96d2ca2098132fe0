"""The RAG service: what runs in AWS Lambda."""

import os

# Pydantic would read the metadata of every installed package, when the function starts, to look
# for plug-ins that it has not got.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
