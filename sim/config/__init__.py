"""Where a value comes from: command lines, tables and YAML files become plain, checked scenarios.

Invariant: nothing below this package knows Hydra or OmegaConf; nothing here runs, shows or writes results.
"""
