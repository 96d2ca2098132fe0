"""Vectors from Amazon Bedrock: what is sent, and what is taken back."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest

from services.rag.deadline import Deadline
from services.rag.models import ModelRefused, ModelThrottled
from services.rag.models.bedrock import BedrockEmbedder
from tests.support.misbehaving_server import Call, Reply
from tests.support.model_endpoint import (
    Behaviour,
    ModelEndpoint,
    as_json,
    error,
    throttle,
)

COHERE = "cohere.embed-multilingual-v3"


def embedder(model_id: str = COHERE, dimension: int = 1024) -> BedrockEmbedder:
    return BedrockEmbedder(model_id=model_id, dimension=dimension, region="ap-southeast-1")


def soon() -> Deadline:
    return Deadline.after(30)


def reply(body: Any) -> Behaviour:
    return lambda call: as_json(body)


def test_documents_are_sent_as_cohere_wants_them(endpoint: ModelEndpoint) -> None:
    found = embedder().embed_documents(["phở bò", "bánh mì"], deadline=soon())
    (call,) = endpoint.calls
    assert call.operation == "invoke"
    assert call.model_id == COHERE
    assert call.body == {
        "texts": ["phở bò", "bánh mì"],
        "input_type": "search_document",
        "truncate": "END",
    }
    assert call.headers["content-type"] == "application/json"
    assert "/ap-southeast-1/bedrock/" in call.headers["authorization"]
    assert found.vectors == [endpoint.vector("phở bò"), endpoint.vector("bánh mì")]
    assert found.usage.input_tokens == 4
    assert found.usage.output_tokens == 0


def test_a_query_is_cut_to_what_the_model_takes(endpoint: ModelEndpoint) -> None:
    text = "ơ" * 2048
    found = embedder().embed_query(text + "cut off", deadline=soon())
    assert endpoint.calls[0].body["texts"] == [text]
    assert endpoint.calls[0].body["input_type"] == "search_query"
    assert found.vectors == [endpoint.vector(text)]


def test_texts_go_in_batches_four_at_once_and_keep_their_order(endpoint: ModelEndpoint) -> None:
    lock, four, now, most = threading.Lock(), threading.Barrier(4, timeout=15), 0, 0

    def together(call: Call) -> Reply:
        # Each waits until three others are being answered too, and the first ends last.
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        four.wait()
        time.sleep(0.1)  # for a fifth to come
        with lock:
            now -= 1
        late = 0.3 if "text 0" in call.body["texts"] else 0
        return endpoint.slowly(late)(call)

    endpoint.otherwise = together
    texts = [f"text {number}" for number in range(96 * 7 + 5)]
    found = embedder().embed_documents(texts, deadline=soon())
    assert found.vectors == [endpoint.vector(text) for text in texts]
    assert sorted(len(call.body["texts"]) for call in endpoint.calls) == [5] + [96] * 7
    assert most == 4
    assert found.usage.input_tokens == 2 * len(texts)


def test_nothing_to_embed_calls_nobody(endpoint: ModelEndpoint) -> None:
    assert embedder().embed_documents([], deadline=soon()).vectors == []
    assert endpoint.calls == []


def test_no_batch_is_started_after_one_failed_for_good(endpoint: ModelEndpoint) -> None:
    # Three throttled batches are waiting to be tried again when the fourth is refused.
    endpoint.script = [
        throttle(20),
        throttle(20),
        throttle(20),
        error(403, "AccessDeniedException"),
    ]
    with pytest.raises(ModelRefused, match="AccessDenied"):
        embedder().embed_documents(["text"] * 96 * 30, deadline=soon())
    for thread in threading.enumerate():
        if thread.name.startswith("model-call"):
            thread.join(5)
            assert not thread.is_alive()
    assert len(endpoint.calls) == 4


@pytest.mark.parametrize("length", [0, 2049])
def test_a_text_that_the_model_does_not_take_is_not_sent(
    endpoint: ModelEndpoint, length: int
) -> None:
    with pytest.raises(ModelRefused, match=f"text 2 has {length} characters; 1 to 2048"):
        embedder().embed_documents(["fine", "a" * length], deadline=soon())
    assert endpoint.calls == []


def test_half_a_surrogate_pair_does_not_spoil_its_batch(endpoint: ModelEndpoint) -> None:
    embedder().embed_documents(["a\ud83db"], deadline=soon())
    assert endpoint.calls[0].body["texts"] == ["a\ufffdb"]


def test_titan_takes_one_text_a_call(endpoint: ModelEndpoint) -> None:
    endpoint.dimension = 512
    titan = embedder("amazon.titan-embed-text-v2:0", 512)
    found = titan.embed_documents(["one", "two"], deadline=soon())
    bodies = sorted((call.body for call in endpoint.calls), key=lambda body: body["inputText"])
    assert bodies == [
        {"inputText": "one", "dimensions": 512, "normalize": True},
        {"inputText": "two", "dimensions": 512, "normalize": True},
    ]
    assert found.vectors == [endpoint.vector("one"), endpoint.vector("two")]


@pytest.mark.parametrize("model_id", ["cohere.embed-v4:0", "global.cohere.embed-v4:0"])
def test_cohere_v4_is_asked_for_numbers_of_that_many(
    endpoint: ModelEndpoint, model_id: str
) -> None:
    endpoint.dimension = 256
    found = embedder(model_id, 256).embed_documents(["one"], deadline=soon())
    assert endpoint.calls[0].model_id == model_id
    assert endpoint.calls[0].body == {
        "texts": ["one"],
        "input_type": "search_document",
        "embedding_types": ["float"],
        "output_dimension": 256,
    }
    assert found.vectors == [endpoint.vector("one")]


def test_an_arn_is_a_model_too(endpoint: ModelEndpoint) -> None:
    arn = "arn:aws:bedrock:ap-southeast-1::foundation-model/cohere.embed-english-v3"
    embedder(arn).embed_query("one", deadline=soon())
    assert endpoint.calls[0].model_id == arn


@pytest.mark.parametrize(
    "model_id",
    [
        "amazon.titan-embed-text-v1",
        "anthropic.claude-sonnet-5",
        "cohere.embed-v40",
        "cohere.embed-multilingual-v30",
        "notcohere.embed-v4",
        "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/ab12cd",
        "",
    ],
)
def test_an_unknown_model_is_refused_before_it_is_called(model_id: str) -> None:
    with pytest.raises(ModelRefused, match="no known embedding model: use cohere") as caught:
        embedder(model_id)
    assert "\n" not in str(caught.value)


def test_a_dimension_that_the_model_does_not_have_is_refused() -> None:
    with pytest.raises(ModelRefused, match=f"^{COHERE} makes vectors of 1024, not of 384$"):
        embedder(dimension=384)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"embeddings": [[0.5] * 1023]}, "a vector has 1023 numbers instead of 1024"),
        ({"embeddings": [[0.5] * 1024] * 2}, "1 texts gave 2 vectors"),
        ({"embeddings": []}, "1 texts gave 0 vectors"),
        ({"embeddings": [[float("nan")] * 1024]}, "not finite"),
        ({"embeddings": [[0.5] * 1023 + [float("inf")]]}, "not finite"),
        ({"embeddings": [["secret"] * 1024]}, "no vectors"),
        ({"embeddings": 5}, "no vectors"),
        ({"message": "secret"}, "no vectors"),
        (["secret"], "no vectors"),
    ],
)
def test_a_wrong_answer_is_refused_at_once(
    endpoint: ModelEndpoint, body: Any, message: str
) -> None:
    endpoint.otherwise = reply(body)
    with pytest.raises(ModelRefused, match=message) as caught:
        embedder().embed_query("a private question", deadline=soon())
    assert len(endpoint.calls) == 1
    assert "secret" not in str(caught.value)
    assert "private" not in str(caught.value)


@pytest.mark.parametrize("header", [{}, {"X_Amzn_Bedrock_Input_Token_Count": "many"}])
def test_unknown_usage_counts_as_none(endpoint: ModelEndpoint, header: dict[str, str]) -> None:
    endpoint.otherwise = lambda call: as_json({"embeddings": [[0.5] * 1024]}, **header)
    assert embedder().embed_query("one", deadline=soon()).usage.input_tokens == 0


def test_a_batch_that_failed_for_a_while_is_sent_again(endpoint: ModelEndpoint) -> None:
    endpoint.script = [throttle()]
    found = embedder().embed_documents(["text"] * 97, deadline=soon())
    assert len(found.vectors) == 97
    assert len(endpoint.calls) == 3
    sizes = [len(json.dumps(call.body)) for call in endpoint.calls]
    assert len(set(sizes)) == 2  # the failed one came again as it was


def test_the_failure_that_came_first_is_told(endpoint: ModelEndpoint) -> None:
    endpoint.otherwise = throttle(60)
    with pytest.raises(ModelThrottled) as caught:
        embedder().embed_documents(["text"] * 960, deadline=soon())
    assert caught.value.retry_after_seconds == 60
    assert len(endpoint.calls) <= 4
