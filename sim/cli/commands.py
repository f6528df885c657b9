"""The commands of `orgdes` and the modules that hold them.

Invariant: imports nothing, so that choosing a command costs nothing.
"""

COMMANDS = {
    "run": "sim.cli.run",
    "fit": "sim.fit.command",
    "import-people": "sim.cli.import_people",
    "verify": "sim.known_answers.command",
    "report": "sim.cli.report",
    "replay": "sim.cli.replay",
    "reproduce": "sim.cli.reproduce",
}
"""Command -> module with `main(argv) -> exit code`."""
RENAMED = {"chart": "import-people"}
"""Old word -> new word; the old ones go with the next version."""
