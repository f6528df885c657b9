"""The page as template and style; both are data, read by `sim.report.build`."""
