"""Where the service answers; moto looks for it beside the models."""

from __future__ import annotations

from emulator.gaps.access_analyzer.responses import AccessAnalyzerResponse

url_bases = [r"https?://access-analyzer\.(.+)\.amazonaws\.com"]

url_paths = dict.fromkeys(
    (
        "{0}/analyzer$",
        "{0}/analyzer/(?P<analyzerName>[^/]+)$",
        "{0}/analyzer/(?P<analyzerName>[^/]+)/archive-rule$",
        "{0}/analyzer/(?P<analyzerName>[^/]+)/archive-rule/(?P<ruleName>[^/]+)$",
        "{0}/tags/(?P<resourceArn>.+)$",
    ),
    AccessAnalyzerResponse.dispatch,
)
