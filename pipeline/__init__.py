"""What runs after synth: reads the plan, prices it, warns, reports it, and applies it.

It starts again from the JSON that Terraform wrote and imports none of the modules. One command
line serves developers and the pipeline alike: ``python -m pipeline --help``.
"""
