"""The command's fixtures, for configs too."""

from tests.cli.conftest import command, company_text, here, own, ran

__all__ = ["command", "company_text", "here", "own", "ran"]
