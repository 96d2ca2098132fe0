"""The pipeline's access to an environment: GitLab's roles, applied by an administrator."""
