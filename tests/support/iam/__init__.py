"""IAM as tests ask it: what policies decide, which policies there are, and AWS's own tables."""
