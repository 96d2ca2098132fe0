"""Tests of services.rag.models and of the prompt."""
