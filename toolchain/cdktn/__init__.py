"""Rehearses the move from cdktf, which its maker archived, to its successor cdktn (CDK Terrain).

``make rehearse-cdktn`` renames the imports in a copy of the repository, synthesises all stacks with
both and compares what they write. docs/decisions/0018-cdktn.md says when to move.
"""
