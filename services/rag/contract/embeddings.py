"""The embedding models that the service can call."""

from __future__ import annotations

from collections.abc import Mapping

EMBEDDING_DIMENSIONS: Mapping[str, tuple[int, ...]] = {
    "cohere.embed-english-v3": (1024,),
    "cohere.embed-multilingual-v3": (1024,),
    "cohere.embed-v4:0": (256, 512, 1024, 1536),
    "amazon.titan-embed-text-v2:0": (256, 512, 1024),
}
"""Model to the lengths of vectors that it makes.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/titan-embedding-models.html
"""
