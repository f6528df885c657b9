"""The commands of `orgdes` and the modules that hold them.

Invariant: imports nothing, so that choosing a command costs nothing.
"""

COMMANDS = {
    "run": "sim.door.run",
    "fit": "sim.fit.command",
    "chart": "sim.door.chart",
    "verify": "sim.known_answers.command",
    "report": "sim.door.rebuild",
    "replay": "sim.door.again",
    "reproduce": "sim.door.reproduction",
}
"""Command -> module with `main(argv) -> exit code`."""
