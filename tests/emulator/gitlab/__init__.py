"""The stand-in for GitLab, asked as any client would."""
