"""The RAG service: what runs in AWS Lambda."""
