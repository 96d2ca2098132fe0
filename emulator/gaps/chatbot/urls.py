"""Where the service answers; moto looks for it beside the models."""

from __future__ import annotations

from emulator.gaps.chatbot.responses import ChatbotResponse

url_bases = [r"https?://chatbot\.(.+)\.amazonaws\.com"]

url_paths = {"{0}/(?P<operation>[a-z-]+)$": ChatbotResponse.dispatch}
