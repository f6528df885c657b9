"""The door's fixtures, for configs too."""

from tests.door.conftest import command, company_text, here, own, ran

__all__ = ["command", "company_text", "here", "own", "ran"]
