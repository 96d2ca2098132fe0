"""Functions, models, APIs, messages and schedules, priced by hand for ap-southeast-1."""

from __future__ import annotations

from tests.pipeline.cost.pricers.support import Case, resource

ARM = {"architectures": ["arm64"], "memory_size": 512}
MODELS = {
    "ANSWER_MODEL_ID": "apac.amazon.nova-lite-v1:0",
    "EMBEDDING_MODEL_ID": "cohere.embed-multilingual-v3",
    "GUARDRAIL_ID": "g",
}
INTEL = resource("aws_lambda_function.f", {"memory_size": 1024, "id": "f"})
PROVISIONED = resource(
    "aws_lambda_provisioned_concurrency_config.p",
    {"function_name": "f", "provisioned_concurrent_executions": 2},
)
SERVED = {"monthly_requests": "1000000", "request_duration_ms": "100"}

CASES = (
    Case(
        name="function-arm-with-models",
        of=resource(
            "aws_lambda_function.f",
            {
                **ARM,
                "ephemeral_storage": [{"size": 1536}],
                "tracing_config": [{"mode": "Active"}],
                "environment": [{"variables": {**MODELS, "DATABASE_HOST": "h"}}],
            },
        ),
        usage={
            "monthly_requests": "2000000",
            "request_duration_ms": "1500",
            "monthly_traces_recorded": "100000",
            "monthly_custom_metrics": "4",
            "bedrock.ANSWER_MODEL_ID.monthly_input_tokens": "20000000",
            "bedrock.ANSWER_MODEL_ID.monthly_output_tokens": "3000000",
            "bedrock.EMBEDDING_MODEL_ID.monthly_input_tokens": "5000000",
            "bedrock.GUARDRAIL_ID.monthly_content_text_units": "10000",
        },
        monthly={
            "requests": "0.4",  # 2 x 0.20
            "duration": "20.0001",  # 2 million x 1.5 s x 0.5 GB x 0.0000133334
            "temporary storage above 512 MB": "0.111",  # 2 million x 1.5 s x 1 GB x 0.000000037
            "X-Ray traces": "0.5",  # 0.1 x 5
            "custom metrics": "1.2",  # 4 x 0.30
            "apac.amazon.nova-lite-v1:0, input tokens": "1.26",  # 20 x 0.063
            "apac.amazon.nova-lite-v1:0, output tokens": "0.756",  # 3 x 0.252
            "cohere.embed-multilingual-v3, input tokens": "0.5",  # 5 x 0.10
            "guardrail, content": "1.5",  # 10 x 0.15
        },
    ),
    Case(
        name="function-guardrail-of-which-nothing-is-stated",
        of=resource(
            "aws_lambda_function.f",
            {**ARM, "environment": [{"variables": {"GUARDRAIL_ID": "g"}}]},
        ),
        usage=SERVED,
        monthly={
            "requests": "0.2",
            "duration": "0.66667",  # 1 million x 0.1 s x 0.5 GB x 0.0000133334
            "guardrail, content": None,
            "guardrail, topic": None,
            "guardrail, sensitive information": None,
            "guardrail, grounding": None,
        },
    ),
    Case(
        name="function-intel",
        of=INTEL,
        usage=SERVED,
        monthly={"requests": "0.2", "duration": "1.66667"},  # 1 million x 0.1 s x 0.0000166667
    ),
    Case(
        name="function-without-stated-duration",
        of=INTEL,
        usage={"monthly_requests": "1000000"},
        monthly={"requests": "0.2", "duration": None},
    ),
    Case(
        name="function-without-stated-requests",
        of=INTEL,
        usage={"request_duration_ms": "100"},
        monthly={"requests": None, "duration": None},
    ),
    Case(
        name="provisioned-concurrency-intel",
        of=PROVISIONED,
        beside=(INTEL,),
        usage=SERVED,
        monthly={
            "2 warm environments": "27.3264696",  # 2 x 1 GB x 730 x 3600 s x 0.0000051991
            "requests": "0.2",
            "duration": "1.21313",  # 1 million x 0.1 s x 1 GB x 0.0000121313
        },
    ),
    Case(
        name="provisioned-concurrency-arm",
        of=PROVISIONED,
        beside=(resource("aws_lambda_function.f", {**ARM, "id": "f"}),),
        usage=SERVED,
        monthly={
            "2 warm environments": "10.9306404",  # 2 x 0.5 GB x 2628000 s x 0.0000041593
            "requests": "0.2",
            "duration": "0.48525",  # 1 million x 0.1 s x 0.5 GB x 0.000009705
        },
    ),
    Case(
        name="http-api",
        of=resource("aws_apigatewayv2_api.a", {"protocol_type": "HTTP"}),
        usage={
            "monthly_requests": "1000000",
            "request_size_kb": "513",
            "monthly_data_transfer_out_gb": "10",
        },
        monthly={
            "requests": "2.5",  # 513 KB count as 2 of 512: 2 x 1.25
            "data out to the internet": "1.2",  # 10 x 0.12
        },
    ),
    Case(
        name="http-api-of-two-tiers",
        of=resource("aws_apigatewayv2_api.a", {"protocol_type": "HTTP"}),
        usage={"monthly_requests": "400000000", "monthly_data_transfer_out_gb": "0"},
        monthly={"requests": "488", "data out to the internet": "0"},  # 300 x 1.25 + 100 x 1.13
    ),
    Case(
        name="websocket-api",
        of=resource("aws_apigatewayv2_api.a", {"protocol_type": "WEBSOCKET"}),
        usage={
            "monthly_messages": "1000000",
            "message_size_kb": "32",
            "monthly_connection_minutes": "10000000",
            "monthly_data_transfer_out_gb": "0",
        },
        monthly={
            "messages": "1.15",
            "connection minutes": "2.88",  # 10 x 0.288
            "data out to the internet": "0",
        },
    ),
    Case(
        name="api-stage-with-metrics-by-route",
        of=resource(
            "aws_apigatewayv2_stage.s",
            {"default_route_settings": [{"detailed_metrics_enabled": True}]},
        ),
        usage={"monthly_detailed_metrics": "48"},
        monthly={"metrics by route": "14.4"},  # 48 x 0.30
    ),
    Case(
        name="api-stage-without",
        of=resource("aws_apigatewayv2_stage.s", {"default_route_settings": [{}]}),
        monthly={},
    ),
    Case(
        name="rest-api",
        of=resource("aws_api_gateway_rest_api.a"),
        usage={"monthly_requests": "2000000", "monthly_data_transfer_out_gb": "0"},
        monthly={"requests": "8.5", "data out to the internet": "0"},  # 2 x 4.25
    ),
    Case(
        name="queue",
        of=resource("aws_sqs_queue.q", {"fifo_queue": False}),
        usage={"monthly_requests": "1000000", "request_size_kb": "65"},
        monthly={"requests": "0.8"},  # 65 KB count as 2 of 64: 2 x 0.40
    ),
    Case(
        name="queue-fifo",
        of=resource("aws_sqs_queue.q", {"fifo_queue": True}),
        usage={"monthly_requests": "1000000"},
        monthly={"requests": "0.5"},
    ),
    Case(
        name="topic",
        of=resource("aws_sns_topic.t"),
        usage={"monthly_requests": "1000000", "request_size_kb": "64"},
        monthly={"messages published": "0.5"},
    ),
    Case(
        name="subscription-by-mail",
        of=resource("aws_sns_topic_subscription.s", {"protocol": "email"}),
        usage={"monthly_requests": "100000"},
        monthly={"deliveries by email": "2"},
    ),
    Case(
        name="subscription-by-https",
        of=resource("aws_sns_topic_subscription.s", {"protocol": "https"}),
        usage={"monthly_requests": "1000000"},
        monthly={"deliveries by https": "0.6"},
    ),
    Case(
        name="subscription-of-a-function",
        of=resource("aws_sns_topic_subscription.s", {"protocol": "lambda"}),
        monthly={},
    ),
    Case(
        name="event-bus",
        of=resource("aws_cloudwatch_event_bus.b"),
        usage={"monthly_custom_events": "3000000"},
        monthly={"custom events": "3"},
    ),
    Case(
        name="schedule",
        of=resource("aws_scheduler_schedule.s"),
        usage={"monthly_invocations": "1000000"},
        monthly={"invocations": "1.25"},
    ),
    Case(
        name="state-machine",
        of=resource("aws_sfn_state_machine.m", {"type": "STANDARD"}),
        usage={"monthly_transitions": "10000"},
        monthly={"state transitions": "0.25"},  # 10 x 0.025
    ),
)
