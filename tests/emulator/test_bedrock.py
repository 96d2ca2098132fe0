"""The models' endpoint, through botocore's real client and through the service's own code."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from emulator.bedrock import CONTROL_PATH, with_models
from emulator.models.conversation import OTHER_PROMPT
from emulator.models.extractive import ExtractiveAnswerer
from emulator.models.hashing import HashingEmbedder
from emulator.models.invocation_log import InvocationLog
from emulator.wsgi import StartResponse, read_body, respond
from services.rag.deadline import Deadline
from services.rag.models import Passage
from services.rag.models.bedrock import BedrockEmbedder
from services.rag.models.converse import BedrockAnswerer
from services.rag.prompt import NOT_FOUND, build
from tests.emulator.published import Published
from tests.support.model_endpoint import close_clients

REGION = "ap-southeast-1"
COHERE = "cohere.embed-multilingual-v3"
TITAN = "amazon.titan-embed-text-v2:0"
CLAUDE = "global.anthropic.claude-haiku-4-5-20251001-v1:0"
PROFILE = f"arn:aws:bedrock:{REGION}:123456789012:inference-profile/{CLAUDE}"
PASSAGES = [
    Passage(title="Hội An", text="Silk lanterns light the lanes after dark."),
    Passage(title="Phở", text="Beef bones simmer for hours for the broth."),
]


@dataclass(kw_only=True)
class Endpoint:
    """The middleware on a port, in front of an application that notes what comes through."""

    url: str = ""
    passed: list[str] = field(default_factory=list)

    def client(self, service: str = "bedrock-runtime") -> Any:
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="local-123456789012",
            aws_secret_access_key="local",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def control(self, wanted: object | None = None, method: str | None = None) -> Any:
        data = None if wanted is None else json.dumps(wanted).encode()
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.url}{CONTROL_PATH}", data, method=method
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as response:
            return json.load(response)

    def application(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        read_body(environ, 0)
        self.passed.append(environ["PATH_INFO"])
        return respond(start_response, 404, [("Content-Type", "application/json")], b"{}")


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    published = Published()
    application = with_models(
        made.application,
        publisher=published,
        log=InvocationLog(threading.Lock(), published, time.time),
        embedder_of=lambda dimension: HashingEmbedder(dimension=dimension),
        answerer_of=ExtractiveAnswerer,
    )
    server = make_server(
        "127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler
    )
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def of_the_service(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leads the service's own clients here."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local-123456789012")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    close_clients()
    yield
    close_clients()


def invoke(endpoint: Endpoint, model: str, **body: Any) -> tuple[Any, dict[str, str]]:
    response = endpoint.client().invoke_model(modelId=model, body=json.dumps(body))
    return json.loads(response["body"].read()), response["ResponseMetadata"]["HTTPHeaders"]


def converse(endpoint: Endpoint, text: str, model: str = CLAUDE, **more: Any) -> Any:
    message = {"role": "user", "content": [{"text": text}]}
    return endpoint.client().converse(modelId=model, messages=[message], **more)


def refused(error: pytest.ExceptionInfo[ClientError]) -> tuple[int, str, str]:
    response = error.value.response
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    return status, response["Error"]["Code"], response["Error"]["Message"]


def expected(text: str, dimension: int) -> list[float]:
    embedder = HashingEmbedder(dimension=dimension)
    return list(embedder.embed_query(text, deadline=Deadline.after(9)).vectors[0])


def test_cohere(endpoint: Endpoint) -> None:
    texts = ["Phở", "bún chả"]
    body, headers = invoke(endpoint, COHERE, texts=texts, input_type="search_document")
    assert set(body) == {"embeddings", "id", "response_type", "texts"}
    assert body["embeddings"] == [expected(text, 1024) for text in texts]
    assert (body["response_type"], body["texts"]) == ("embeddings_floats", texts)
    assert headers["x-amzn-bedrock-input-token-count"] == "3"
    assert headers["content-type"] == "application/json"


def test_cohere_by_type(endpoint: Endpoint) -> None:
    wanted = {"input_type": "search_query", "embedding_types": ["float"], "output_dimension": 256}
    body, _ = invoke(endpoint, "global.cohere.embed-v4:0", texts=["Phở"], **wanted)
    assert body["embeddings"] == {"float": [expected("Phở", 256)]}
    assert body["response_type"] == "embeddings_by_type"


@pytest.mark.parametrize(("wanted", "length"), [({}, 1024), ({"dimensions": 256}, 256)])
def test_titan(endpoint: Endpoint, wanted: dict[str, int], length: int) -> None:
    body, headers = invoke(endpoint, TITAN, inputText="Phở bò" * 500, **wanted)
    assert len(body["embedding"]) == length
    assert body["embeddingsByType"]["float"] == body["embedding"]
    assert str(body["inputTextTokenCount"]) == headers["x-amzn-bedrock-input-token-count"]


BAD_BODIES: list[tuple[str, dict[str, Any], str]] = [
    (COHERE, {"texts": ["x"] * 97, "input_type": "search_query"}, "1 to 96 items, found 97"),
    (COHERE, {"texts": [], "input_type": "search_query"}, "1 to 96 items, found 0"),
    (
        COHERE,
        {"texts": ["a", "x" * 2049], "input_type": "search_query", "truncate": "NONE"},
        "#/texts/1: expected maxLength: 2048, actual: 2049",
    ),
    # Whatever truncate says.
    (
        COHERE,
        {"texts": ["x" * 2049], "input_type": "search_query", "truncate": "END"},
        "#/texts/0: expected maxLength: 2048, actual: 2049",
    ),
    (COHERE, {"texts": [""], "input_type": "search_query"}, "minLength: 1, actual: 0"),
    (COHERE, {"texts": [1], "input_type": "search_query"}, "#/texts/0: expected type: String"),
    (COHERE, {"texts": "x", "input_type": "search_query"}, "expected type: JSONArray"),
    (COHERE, {"texts": ["x"], "input_type": ["search_query"]}, "#/input_type: not a valid enum"),
    (COHERE, {"inputText": "x"}, "required key [texts] not found#: required key [input_type]"),
    (COHERE, {"texts": ["x"], "input_type": "search_query", "n": 1}, "extraneous key"),
    (TITAN, {"inputText": ""}, "minLength: 1, actual: 0"),
    (TITAN, {"inputText": "x", "dimensions": 300}, "#/dimensions: not a valid enum value"),
    (CLAUDE, {"prompt": "x"}, "use Converse"),
]


@pytest.mark.parametrize(("model", "body", "message"), BAD_BODIES)
def test_what_bedrock_refuses(
    endpoint: Endpoint, model: str, body: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError) as error:
        invoke(endpoint, model, **body)
    status, code, said = refused(error)
    assert (status, code) == (400, "ValidationException")
    assert message in said
    headers = error.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amzn-errortype"] == "ValidationException"


@pytest.mark.parametrize("body", ["", "{", "[]", "[" * 100_000])
def test_a_body_that_is_no_object(endpoint: Endpoint, body: str) -> None:
    with pytest.raises(ClientError) as error:
        endpoint.client().invoke_model(modelId=COHERE, body=body)
    assert refused(error)[:2] == (400, "ValidationException")


@pytest.mark.parametrize("model", ["cohere.embed-multilingual-v33", "gpt", "x.y", f"{PROFILE}/x"])
def test_unknown_models(endpoint: Endpoint, model: str) -> None:
    with pytest.raises(ClientError) as error:
        invoke(endpoint, model, texts=["x"], input_type="search_query")
    assert refused(error)[1:] == (
        "ValidationException",
        "The provided model identifier is invalid.",
    )
    with pytest.raises(ClientError, match="identifier is invalid"):
        converse(endpoint, "x", model)


@pytest.mark.parametrize("model", [CLAUDE, PROFILE, "apac.amazon.nova-lite-v1:0"])
def test_converse(endpoint: Endpoint, model: str) -> None:
    message = build("How long do the bones simmer?", PASSAGES).message
    response = converse(endpoint, message, model, system=[{"text": "x" * 40}])
    text = "Beef bones simmer for hours for the broth. [2]"
    assert response["output"]["message"] == {"role": "assistant", "content": [{"text": text}]}
    assert response["stopReason"] == "end_turn"
    read, wrote = -(-len(message) // 4) + 10, -(-len(text) // 4)
    assert response["usage"] == {
        "inputTokens": read,
        "outputTokens": wrote,
        "totalTokens": read + wrote,
    }
    assert response["metrics"]["latencyMs"] >= 0


def test_converse_stops_at_max_tokens(endpoint: Endpoint) -> None:
    message = build("How long do the bones simmer?", PASSAGES).message
    response = converse(endpoint, message, inferenceConfig={"maxTokens": 3})
    assert response["output"]["message"]["content"] == [{"text": "Beef bones s"}]
    assert (response["stopReason"], response["usage"]["outputTokens"]) == ("max_tokens", 3)


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        (build("Who won the football world cup?", PASSAGES).message, NOT_FOUND),
        ("Write a poem.", OTHER_PROMPT),
    ],
    ids=["not in the passages", "another prompt"],  # the message holds a random key
)
def test_converse_without_an_answer(endpoint: Endpoint, message: str, answer: str) -> None:
    response = converse(endpoint, message)
    assert response["output"]["message"]["content"] == [{"text": answer}]
    assert response["stopReason"] == "end_turn"


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([], "must start with a user message"),
        ([{"role": "assistant", "content": [{"text": "x"}]}], "must start with a user message"),
        ([{"role": "user", "content": [{"text": " "}]}], "messages.0.content.0 is blank"),
    ],
)
def test_conversations_that_bedrock_refuses(
    endpoint: Endpoint, messages: list[Any], said: str
) -> None:
    with pytest.raises(ClientError, match=said) as error:
        endpoint.client().converse(modelId=CLAUDE, messages=messages)
    assert refused(error)[:2] == (400, "ValidationException")


def test_an_embedding_model_writes_nothing(endpoint: Endpoint) -> None:
    with pytest.raises(ClientError, match="doesn't support the model"):
        converse(endpoint, "x", COHERE)


def test_everything_else_passes_through(endpoint: Endpoint) -> None:
    with pytest.raises((ClientError, ResponseParserError)):
        endpoint.client("bedrock").list_guardrails()
    with pytest.raises((ClientError, ResponseParserError)):
        endpoint.client("sts").get_caller_identity()
    # A bucket of that name: the same path, signed for another service.
    with pytest.raises((ClientError, ResponseParserError)):
        endpoint.client("s3").create_multipart_upload(Bucket="model", Key="x/invoke")
    assert endpoint.passed == ["/guardrails", "/", "/model/x/invoke"]


@pytest.mark.usefixtures("of_the_service")
@pytest.mark.parametrize(("model", "dimension"), [(COHERE, 1024), (TITAN, 512)])
def test_the_services_embedder(model: str, dimension: int) -> None:
    embedder = BedrockEmbedder(model_id=model, dimension=dimension, region=REGION)
    texts = [f"text {number}" for number in range(5 if model == TITAN else 200)]
    made = embedder.embed_documents(texts, deadline=Deadline.after(30))
    assert list(made.vectors) == [expected(text, dimension) for text in texts]
    assert made.usage.input_tokens == sum(-(-len(text) // 4) for text in texts)


@pytest.mark.usefixtures("of_the_service")
def test_the_services_answerer() -> None:
    answerer = BedrockAnswerer(model_id=PROFILE, region=REGION)

    def ask(question: str, max_tokens: int = 100) -> Any:
        deadline = Deadline.after(30)
        return answerer.answer(question, PASSAGES, max_tokens=max_tokens, deadline=deadline)

    made = ask("How long do the bones simmer?")
    assert (made.found, made.cited, made.stop) == (True, (2,), "end")
    assert made.text.startswith("Beef bones simmer")
    assert not ask("Who won the football world cup?").found
    assert ask("How long do the bones simmer?", 3).stop == "max_tokens"


@pytest.mark.usefixtures("of_the_service")
def test_the_service_outlasts_throttling(endpoint: Endpoint) -> None:
    endpoint.control({"throttle": 2})
    embedder = BedrockEmbedder(model_id=COHERE, dimension=1024, region=REGION)
    made = embedder.embed_query("x", deadline=Deadline.after(30))
    assert list(made.vectors[0]) == expected("x", 1024)
    assert endpoint.control()["throttle"] == 0


def test_throttling_counts_calls(endpoint: Endpoint) -> None:
    assert endpoint.control({"throttle": 2})["throttle"] == 2
    for _ in range(2):
        with pytest.raises(ClientError) as error:
            converse(endpoint, "x")
        assert refused(error)[:2] == (429, "ThrottlingException")
    assert converse(endpoint, "x")["stopReason"] == "end_turn"


def test_a_delay_lasts_until_it_is_reset(endpoint: Endpoint) -> None:
    endpoint.control({"delay_seconds": 60, "throttle": 1})
    hasty = endpoint.client()
    assert endpoint.control()["delay_seconds"] == 60
    endpoint.control({"reset": True})
    state = endpoint.control()
    assert (state["throttle"], state["delay_seconds"]) == (0, 0)
    endpoint.control({"delay_seconds": 0.2})
    response = hasty.converse(
        modelId=CLAUDE, messages=[{"role": "user", "content": [{"text": "x"}]}]
    )
    assert response["stopReason"] == "end_turn"


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        [],
        {"throttle": -1},
        {"throttle": 1.5},
        {"throttle": True},
        {"throttle": "3"},
        {"delay_seconds": float("nan")},
        {"delay_seconds": 1e9},
        {"reset": False},
        {"other": 1},
    ],
)
def test_a_wrong_switch_changes_nothing(endpoint: Endpoint, wanted: object) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        endpoint.control(wanted)
    with error.value as response:
        assert response.code == 400
        assert json.load(response)["message"].startswith(f"{CONTROL_PATH}: ")
    assert (endpoint.control()["throttle"], endpoint.control()["delay_seconds"]) == (0, 0)


def test_the_switch_knows_two_methods(endpoint: Endpoint) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        endpoint.control(method="DELETE")
    with error.value as response:
        assert response.code == 405


def test_calls_may_come_at_once(endpoint: Endpoint) -> None:
    client = endpoint.client()

    def embed(number: int) -> Any:
        body = json.dumps({"texts": [f"text {number}"] * 3, "input_type": "search_document"})
        return json.loads(client.invoke_model(modelId=COHERE, body=body)["body"].read())

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(embed, range(32)))
    for number, body in enumerate(made):
        assert body["embeddings"] == [expected(f"text {number}", 1024)] * 3
