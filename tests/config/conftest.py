"""The command's fixtures, for composing too."""

from tests.cli.conftest import company_text, here, logging_as_before, own

__all__ = ["company_text", "here", "logging_as_before", "own"]
