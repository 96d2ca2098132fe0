"""The MapVibe RAG system: API → Lambda → RDS Proxy → PostgreSQL, and Lambda → Bedrock."""
