"""Makes one report of plans, costs and findings: Markdown, terminal, JSON, GitLab's widget."""
