"""Tests of the RAG system's stack."""
