"""An override as it was given, and what Hydra's grammar and composition say about it.

Invariant: knows no mistake of its own; only what an override is, and how Hydra's complaints read.
"""

from dataclasses import dataclass

from sim.config.compose import Composer
from sim.config.diagnostics import COMMAND_LINE, Diagnostic, diagnostic
from sim.config.values import quick_number


@dataclass(frozen=True)
class Override:
    """An override and the place it stands; `written`: as it was, where names in it were read as others."""

    text: str
    place: str = COMMAND_LINE
    written: str = ""

    @property
    def typed(self) -> bool:
        """Was it typed, or passed by a program, rather than read from a file?"""
        return self.place in (COMMAND_LINE, "")

    @property
    def key(self) -> str:
        """The part before the equals sign, without `+`."""
        return self.text.partition("=")[0].lstrip("+")

    @property
    def value(self) -> str:
        """The part after the equals sign."""
        return self.text.partition("=")[2]

    def wrong(
        self, what: str, allowed: str = "", todo: str = "", near: str = "", key: str = ""
    ) -> Diagnostic:
        """A mistake in this override; `key`: what it is told of, if not of its own key."""
        return diagnostic(self.place, key or self.key, what, allowed, todo, near)


def is_choice(composer: Composer, key: str) -> bool:
    """Does Hydra itself have to compose this override? Group choices and Hydra's own settings."""
    name = key.lstrip("+~")
    return (
        name == "hydra"
        or name.startswith(("hydra.", "hydra/"))
        or "@" in name
        or bool(composer.options(name))
    )


def is_sweep(composer: Composer, item: Override) -> bool:
    """Does the override name several scenarios?"""
    return quick_number(item.value) is None and bool(composer.parse(item.text).is_sweep_override())


def complaints() -> tuple[type[Exception], ...]:
    """What Hydra and OmegaConf raise when they cannot compose."""
    import yaml
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    return HydraException, OmegaConfBaseException, yaml.YAMLError, ValueError, TypeError, AssertionError


def reason_of(problem: BaseException) -> str:
    """The telling line of a message of Hydra's."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip(" ^")]
    telling = [line for line in lines if not line.startswith(("Error parsing", "See https", "In '"))]
    if not lines and problem.__cause__:
        return reason_of(problem.__cause__)
    reason = (telling or lines or [type(problem).__name__])[0].rstrip(".")
    return "signs that have to be quoted" if reason.startswith("LexerNoViableAlt") else reason
