"""The door: command lines and YAML files come in, plain checked scenarios go on.

Invariant: nothing below this package knows Hydra or OmegaConf, and nothing runs while a mistake is known.
"""
