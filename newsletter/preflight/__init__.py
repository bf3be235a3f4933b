"""What is looked at before an issue goes out: rules that block it, and rules that only warn.

Each module holds the rules of one subject; `newsletter.preflight.check` runs them.
"""
