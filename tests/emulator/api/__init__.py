"""Tests of the rules of API Gateway, each by itself."""
