"""The parts of bench/compare: servers, load, measurements, floors, report."""
